"""Procrastinate on the benchmark's cluster: JOBS jobs that do nothing. Prints jobs and seconds as JSON."""

import asyncio
import json
import os
import time

import procrastinate

app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=os.environ["DATABASE_URL"]))
done = 0


@app.task(name="noop")
async def noop() -> None:
    global done
    done += 1


async def main() -> None:
    jobs = int(os.environ["JOBS"])
    async with app.open_async():
        if not await app.check_connection_async():
            await app.schema_manager.apply_schema_async()
        for start in range(0, jobs, 1_000):
            await noop.batch_defer_async(*({} for _ in range(min(1_000, jobs - start))))
        begun = time.monotonic()
        await app.run_worker_async(wait=False, concurrency=20, install_signal_handlers=False)
        print(json.dumps({"jobs": done, "seconds": time.monotonic() - begun}))


asyncio.run(main())
