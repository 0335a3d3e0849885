"""The workloads of Workloads.java on one of Python's pools.

usage: pools.py fork|spawn|forkserver|loky|ipyparallel WORKLOAD

Prints "FIGURE id value" for each figure, in the units of Workloads.java. What a pool does not have prints nothing.
"""
import array
import multiprocessing
import statistics
import sys
import time


def figure(name, value):
    print("FIGURE", name, value, flush=True)


def ms(start):
    return (time.perf_counter() - start) * 1e3


def square(x):
    return x * x


def nothing():
    pass


def first_thousand(numbers):
    return float(sum(numbers[:1000]))


def rest(x):
    time.sleep(0.005)
    return x


def fill(queue, count, element):
    for i in range(count):
        queue.put(i if element is None else element)


def drain(queue, seconds, count):
    queue.get()
    start = time.perf_counter()
    for _ in range(count - 1):
        queue.get()
    seconds.put(time.perf_counter() - start)


def echo(connection):
    while True:
        message = connection.recv()
        if message == -1:
            return
        connection.send(message)


def count_up(value, barrier, times):
    barrier.wait()
    for _ in range(times):
        with value.get_lock():
            value.value += 1


def is_prime(k):
    if k < 2:
        return False
    i = 2
    while i * i <= k:
        if k % i == 0:
            return False
        i += 1
    return True


def primes(first):
    return sum(1 for k in range(first, first + 10_000) if is_prime(k))


class Multiprocessing:
    """A start method of the standard library."""

    def __init__(self, method):
        self.context = multiprocessing.get_context(method)

    def pool(self):
        for _ in range(5):
            start = time.perf_counter()
            with self.context.Pool(2) as pool:
                pool.map(square, range(10))
                taken = ms(start)
                figure("pool.ready", taken)
                figure("pool.burst", taken)

    def process(self):
        for _ in range(10):
            start = time.perf_counter()
            process = self.context.Process(target=nothing)
            process.start()
            process.join()
            taken = ms(start)
            figure("process.ready", taken)
            figure("process.burst", taken)

    def apply(self):
        with self.context.Pool(2) as pool:
            pool.map(square, range(100))
            turns(lambda i: pool.apply(square, (i,)), 3000)

    def asynchronous(self):
        with self.context.Pool(2) as pool:
            pool.map(square, range(100))
            rounds(lambda i: pool.apply_async(square, (i,)), lambda result: result.get(), 50_000)

    def map(self):
        with self.context.Pool(2) as pool:
            million(lambda numbers: pool.map(square, numbers))

    def imap(self):
        with self.context.Pool(2) as pool:
            for number in range(3):
                start = time.perf_counter()
                count = sum(1 for _ in pool.imap_unordered(square, range(20_000)))
                if number != 1:
                    figure("imap.first" if number == 0 else "imap.third", count / ms(start))

    def arrays(self):
        with self.context.Pool(2) as pool:
            large(lambda arrays: pool.map(first_thousand, arrays, chunksize=1))

    def many(self):
        start = time.perf_counter()
        with self.context.Pool(64) as pool:
            pool.map(square, range(64), chunksize=1)
            figure("many.up", ms(start) / 1e3)
            for _ in range(2):
                start = time.perf_counter()
                pool.map(rest, range(640), chunksize=1)
                figure("many.sixtyfour", ms(start))
        with self.context.Pool(8) as pool:
            pool.map(square, range(64), chunksize=1)
            for _ in range(2):
                start = time.perf_counter()
                pool.map(rest, range(640), chunksize=1)
                figure("many.eight", ms(start))

    def queue(self):
        for number in range(2):
            queue = self.context.Queue()
            producer = self.context.Process(target=fill, args=(queue, 50_000, None))
            producer.start()
            queue.get()
            start = time.perf_counter()
            for _ in range(49_999):
                queue.get()
            rate = 50_000 / ms(start)
            figure("queue.first" if number == 0 else "queue.later", rate)
            producer.join()
        queue, seconds = self.context.Queue(), self.context.Queue()
        both = [
            self.context.Process(target=fill, args=(queue, 30_000, None)),
            self.context.Process(target=drain, args=(queue, seconds, 30_000)),
        ]
        for process in both:
            process.start()
        figure("queue.workers", 30 / seconds.get())
        for process in both:
            process.join()
        queue = self.context.Queue()
        producer = self.context.Process(target=fill, args=(queue, 300, bytes(1 << 20)))
        producer.start()
        queue.get()
        start = time.perf_counter()
        for _ in range(299):
            queue.get()
        figure("queue.large", 300e3 / ms(start))
        producer.join()

    def pipe(self):
        near, far = self.context.Pipe()
        process = self.context.Process(target=echo, args=(far,))
        process.start()
        for number in range(3):
            times = []
            for i in range(3000):
                start = time.perf_counter()
                near.send(i)
                near.recv()
                times.append(1e3 * ms(start))
            if number > 0:
                figure("pipe.turn", statistics.median(times))
        near.send(-1)
        process.join()

    def value(self):
        value, barrier, times = self.context.Value("i", 0), self.context.Barrier(3), 100_000
        both = [self.context.Process(target=count_up, args=(value, barrier, times)) for _ in range(2)]
        for process in both:
            process.start()
        barrier.wait()
        start = time.perf_counter()
        for process in both:
            process.join()
        if value.value != 2 * times:
            raise AssertionError("lost updates: %d" % value.value)
        figure("value.locked", 2 * times / 1e3 / ms(start))

    def primes(self):
        jobs = range(0, 200_000, 10_000)
        start = time.perf_counter()
        found = sum(map(primes, jobs))
        alone = ms(start)
        with self.context.Pool(2) as pool:
            pool.map(square, range(10))
            for _ in range(2):
                start = time.perf_counter()
                if sum(pool.map(primes, jobs, chunksize=1)) != found:
                    raise AssertionError("other primes")
                figure("primes.steady", alone / ms(start))


def turns(call, count):
    for number in range(3):
        times = []
        for i in range(count):
            start = time.perf_counter()
            call(i)
            times.append(1e3 * ms(start))
        figure("apply.first" if number == 0 else "apply.steady", statistics.median(times))


def rounds(submit, result, count):
    for number in range(3):
        start = time.perf_counter()
        for each in [submit(i) for i in range(count)]:
            result(each)
        if number != 1:
            figure("async.first" if number == 0 else "async.third", count / ms(start))


def million(call):
    rates = []
    for number in range(5):
        start = time.perf_counter()
        call(range(1_000_000))
        if number > 0:
            rates.append(1e3 / ms(start))
    figure("map.slowest", min(rates))
    figure("map.best", max(rates))


def large(call):
    arrays = [array.array("d", bytes(64 << 20)) for _ in range(4)]
    for number in range(3):
        start = time.perf_counter()
        call(arrays)
        if number > 0:
            figure("arrays.later", 256e3 / ms(start))


class Loky:
    """The executor of joblib."""

    def __init__(self):
        from joblib.externals.loky import get_reusable_executor

        self.executor = get_reusable_executor

    def pool(self):
        start = time.perf_counter()
        list(self.executor(max_workers=2).map(square, range(10)))
        figure("pool.burst", ms(start))

    def apply(self):
        executor = self.executor(max_workers=2)
        turns(lambda i: executor.submit(square, i).result(), 1000)

    def asynchronous(self):
        executor = self.executor(max_workers=2)
        rounds(lambda i: executor.submit(square, i), lambda future: future.result(), 10_000)

    def map(self):
        executor = self.executor(max_workers=2)
        million(lambda numbers: list(executor.map(square, numbers, chunksize=125_000)))

    def arrays(self):
        executor = self.executor(max_workers=2)
        large(lambda arrays: list(executor.map(first_thousand, arrays)))


class IPyParallel:
    """A cluster of two engines on this machine."""

    def __init__(self):
        import logging

        import ipyparallel

        self.start = time.perf_counter()
        self.cluster = ipyparallel.Cluster(n=2, log_level=logging.ERROR)
        self.client = self.cluster.start_and_connect_sync()
        self.view = self.client.load_balanced_view()

    def pool(self):
        self.view.map_sync(square, range(10))
        figure("pool.burst", ms(self.start))

    def apply(self):
        turns(lambda i: self.view.apply_sync(square, i), 200)

    def asynchronous(self):
        rounds(lambda i: self.view.apply_async(square, i), lambda result: result.get(), 1000)

    def map(self):
        million(lambda numbers: self.view.map_sync(square, numbers, chunksize=125_000))

    def arrays(self):
        large(lambda arrays: self.view.map_sync(first_thousand, arrays))

    def close(self):
        self.client.shutdown(hub=True)


def main(system, workload):
    name = "asynchronous" if workload == "async" else workload
    kind = {"loky": Loky, "ipyparallel": IPyParallel}.get(system, Multiprocessing)
    if not hasattr(kind, name):
        return
    made = kind(system) if kind is Multiprocessing else kind()
    try:
        getattr(made, name)()
    finally:
        if hasattr(made, "close"):
            made.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
