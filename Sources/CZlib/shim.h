#pragma once
// Input is not written to, and is declared so.
#define ZLIB_CONST
#include <zlib.h>
