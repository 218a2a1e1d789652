"""The same exports give the same bytes: whatever the key, however many threads, however often."""

from pipelines.contracts.catalogue import PUBLIC


def test_keys_and_threads_leave_no_trace_in_a_published_month(simulated_raw, another_bureau, monkeypatch):
    found = []
    for key, threads in (("one key", "1"), ("another key", "2")):
        monkeypatch.setenv("YUFANG_KEY", key)
        monkeypatch.setenv("YUFANG_THREADS", threads)  # read when a data folder's database is opened: each has its own
        city = another_bureau(f"threads-{threads}", raw=simulated_raw)
        city.build("2025-10", with_papers=True)
        found.append((city.bytes_of("2025-10"), city.published("2025-10").resolve().name))
        people = {row["person_key"] for row in city.core("claim", "2025-10")}
        found[-1] += (people,)
    assert found[0][0] == found[1][0] and found[0][1] == found[1][1]
    assert {f"{table.name}.parquet" for table in PUBLIC} < set(found[0][0])
    assert len(found[0][2]) > 10 and not found[0][2] & found[1][2]  # the pseudonyms themselves do differ


def test_a_second_run_changes_no_byte_and_makes_no_version(simulated_city):
    def state() -> dict:
        marts = simulated_city.place.marts
        return {path: path.lstat().st_mtime_ns for path in sorted(marts.rglob("*"))}

    before, digests = state(), simulated_city.bytes_of("2025-09")
    assert simulated_city.run("2025-09")
    assert state() == before
    assert simulated_city.bytes_of("2025-09") == digests
    assert len(list((simulated_city.place.marts / ".versions").iterdir())) == 1
