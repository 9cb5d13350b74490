"""PgQueuer on the benchmark's cluster: JOBS jobs that do nothing, 100 at a time. Prints jobs and seconds as JSON."""

import asyncio
import json
import os
import time

import asyncpg
from pgqueuer import PgQueuer, Queries
from pgqueuer.db import AsyncpgDriver
from pgqueuer.types import QueueExecutionMode


async def main() -> None:
    jobs = int(os.environ["JOBS"])
    connection = await asyncpg.connect(os.environ["DATABASE_URL"])
    driver = AsyncpgDriver(connection)
    queries = Queries(driver)
    if not await queries.has_table("pgqueuer"):
        await queries.install()
    for start in range(0, jobs, 5_000):
        count = min(5_000, jobs - start)
        await queries.enqueue(["noop"] * count, [None] * count, [0] * count)
    worker = PgQueuer(driver)
    done = 0

    @worker.entrypoint("noop")
    async def noop(job) -> None:
        nonlocal done
        done += 1

    begun = time.monotonic()
    await worker.run(batch_size=100, mode=QueueExecutionMode.drain)
    print(json.dumps({"jobs": done, "seconds": time.monotonic() - begun}))
    await connection.close()


asyncio.run(main())
