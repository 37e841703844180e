"""Walks through MLflow's tracking API with its own Python client, against the server at MLFLOW_TRACKING_URI.

Prints one line per part that works; a part that does not ends the program with the traceback.
"""

import math
import sys
import time

import mlflow
from mlflow.entities import Metric, Param, RunStatus, RunTag, ViewType
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

FLOW_RUN = "a6f0c1de-0000-4000-8000-000000000001"
client = MlflowClient()


def part(work):
    work()
    print(f"ok {work.__name__}", flush=True)


def refused(error_code, work):
    try:
        work()
    except MlflowException as error:
        assert error.error_code == error_code, (error.error_code, str(error))
        return str(error)
    raise AssertionError(f"expected {error_code}, nothing was refused")


def pages(fetch):
    items, token = [], None
    while True:
        page = fetch(token)
        items.extend(page)
        token = page.token
        if not token:
            return items


def experiments():
    first = client.create_experiment("client-experiment", tags={"team": "data"})
    experiment = client.get_experiment(first)
    assert experiment.name == "client-experiment" and experiment.tags == {"team": "data"}
    assert experiment.lifecycle_stage == "active" and experiment.creation_time > 0
    assert client.get_experiment_by_name("client-experiment").experiment_id == first
    assert client.get_experiment_by_name("nothing of that name") is None
    refused("RESOURCE_ALREADY_EXISTS", lambda: client.create_experiment("client-experiment"))
    refused("RESOURCE_DOES_NOT_EXIST", lambda: client.get_experiment("98765"))
    client.set_experiment_tag(first, "owner", "asha")
    client.delete_experiment_tag(first, "team")
    client.rename_experiment(first, "client-renamed")
    experiment = client.get_experiment(first)
    assert experiment.name == "client-renamed" and experiment.tags == {"owner": "asha"}

    for n in range(5):
        client.create_experiment(f"paged-{n}")
    named = pages(
        lambda token: client.search_experiments(
            filter_string="name LIKE 'paged-%'", order_by=["name DESC"], max_results=2, page_token=token
        )
    )
    assert [e.name for e in named] == [f"paged-{n}" for n in (4, 3, 2, 1, 0)]
    assert [e.experiment_id for e in client.search_experiments(filter_string="tags.owner = 'asha'")] == [first]

    client.delete_experiment(first)
    assert client.get_experiment(first).lifecycle_stage == "deleted"
    gone = client.search_experiments(view_type=ViewType.DELETED_ONLY)
    assert first in [e.experiment_id for e in gone]
    client.restore_experiment(first)
    assert client.get_experiment(first).lifecycle_stage == "active"


def fluent_run():
    mlflow.set_experiment("fluent")
    with mlflow.start_run(run_name="guide", tags={"kind": "demo"}, description="a note") as active:
        mlflow.log_param("model", "tree")
        mlflow.log_params({"depth": 3, "rate": 0.1})
        for step in range(10):
            mlflow.log_metric("loss", 1 / (step + 1), step=step)
        mlflow.log_metrics({"accuracy": 0.9, "f1": 0.8}, step=9)
        mlflow.set_tag("stage", "trial")
        mlflow.set_tags({"a": "1", "b": "2"})
        with mlflow.start_run(nested=True, run_name="child"):
            mlflow.log_metric("loss", 0.5)
    run = mlflow.get_run(active.info.run_id)
    assert run.info.status == "FINISHED" and run.info.run_name == "guide"
    assert run.info.end_time >= run.info.start_time > 0
    assert run.data.params == {"model": "tree", "depth": "3", "rate": "0.1"}
    assert run.data.metrics == {"loss": 0.1, "accuracy": 0.9, "f1": 0.8}
    assert run.data.tags["stage"] == "trial" and run.data.tags["mlflow.runName"] == "guide"
    try:
        with mlflow.start_run() as failing:
            raise ZeroDivisionError
    except ZeroDivisionError:
        pass
    failed = mlflow.get_run(failing.info.run_id)
    assert failed.info.status == "FAILED" and len(failed.info.run_name.split("-")) == 3
    children = mlflow.search_runs(
        experiment_names=["fluent"],
        filter_string=f"tags.mlflow.parentRunId = '{active.info.run_id}'",
        output_format="list",
    )
    assert [child.info.run_name for child in children] == ["child"]


def runs():
    experiment = client.create_experiment("runs")
    run = client.create_run(experiment, start_time=1000, run_name="first", tags={"t": "1"})
    run_id = run.info.run_id
    assert run.info.status == "RUNNING" and run.info.start_time == 1000 and run.data.tags["t"] == "1"
    client.log_param(run_id, "p", "1")
    client.log_param(run_id, "p", "1")
    message = refused("INVALID_PARAMETER_VALUE", lambda: client.log_param(run_id, "p", "2"))
    assert "Changing param values is not allowed" in message
    client.set_tag(run_id, "t", "2")
    client.delete_tag(run_id, "t")
    refused("RESOURCE_DOES_NOT_EXIST", lambda: client.delete_tag(run_id, "t"))
    client.update_run(run_id, status="SCHEDULED", name="renamed")
    run = client.get_run(run_id)
    assert run.info.status == "SCHEDULED" and run.info.run_name == "renamed"
    assert run.data.tags["mlflow.runName"] == "renamed"
    client.set_tag(run_id, "mlflow.runName", "by tag")
    assert client.get_run(run_id).info.run_name == "by tag"
    client.set_terminated(run_id, status="KILLED", end_time=9000)
    run = client.get_run(run_id)
    assert run.info.status == "KILLED" and run.info.end_time == 9000
    client.delete_run(run_id)
    assert client.get_run(run_id).info.lifecycle_stage == "deleted"
    refused("INVALID_PARAMETER_VALUE", lambda: client.log_metric(run_id, "m", 1))
    assert list(client.search_runs([experiment])) == []
    assert len(client.search_runs([experiment], run_view_type=ViewType.DELETED_ONLY)) == 1
    client.restore_run(run_id)
    assert len(client.search_runs([experiment], run_view_type=ViewType.ALL)) == 1
    refused("RESOURCE_DOES_NOT_EXIST", lambda: client.get_run("0" * 32))
    assert client.list_artifacts(run_id) == []
    try:
        client.log_text(run_id, "text", "file.txt")
    except Exception as error:
        assert "keeps no artifacts" in str(error), error
    else:
        raise AssertionError("an artifact was taken")


def batches():
    run_id = client.create_run("0").info.run_id
    now = int(time.time() * 1000)
    metrics = [Metric(f"m{n % 10}", n, now + n, n) for n in range(1000)]
    client.log_batch(run_id, metrics=metrics)
    client.log_batch(
        run_id,
        metrics=[Metric("nan", math.nan, now, 0), Metric("inf", math.inf, now, 0), Metric("low", -math.inf, now, 0)],
        params=[Param(f"p{n}", str(n)) for n in range(100)],
        tags=[RunTag(f"t{n}", str(n)) for n in range(100)],
    )
    data = client.get_run(run_id).data
    assert data.metrics["m9"] == 999 and len(data.metrics) == 13
    assert math.isnan(data.metrics["nan"]) and data.metrics["inf"] == math.inf and data.metrics["low"] == -math.inf
    assert len(data.params) == 100 and data.params["p42"] == "42" and data.tags["t42"] == "42"
    history = client.get_metric_history(run_id, "m3")
    assert [point.step for point in history] == list(range(3, 1000, 10))
    assert math.isnan(client.get_metric_history(run_id, "nan")[0].value)
    refused("INVALID_PARAMETER_VALUE", lambda: client.log_batch(run_id, params=[Param("p1", "other")]))
    refused("INVALID_PARAMETER_VALUE", lambda: client.log_metric(run_id, "bad/../key", 1))
    client.log_param(run_id, "long", "x" * 7000)
    assert len(client.get_run(run_id).data.params["long"]) == 6000
    client.log_metric(run_id, "synchronous", 1.5, timestamp=now, step=7)
    client.log_metric(run_id, "later", 2.5, synchronous=False).wait()
    assert client.get_metric_history(run_id, "synchronous")[0].step == 7


def searches():
    experiment = client.create_experiment("searched")
    for n in range(25):
        run = client.create_run(experiment, start_time=1000 + n, run_name=f"run-{n:02}")
        client.log_metric(run.info.run_id, "score", n % 7)
        client.log_param(run.info.run_id, "model", "tree" if n % 2 else "Forest")
        if n % 5 == 0:
            client.set_terminated(run.info.run_id)

    def names(filter_string="", order_by=None, max_results=1000):
        found = pages(
            lambda token: client.search_runs(
                [experiment], filter_string, order_by=order_by, max_results=max_results, page_token=token
            )
        )
        return [run.info.run_name for run in found]

    everything = [f"run-{n:02}" for n in range(24, -1, -1)]
    assert names() == everything and names(max_results=4) == everything
    assert names("metrics.score > 4") == [name for name in everything if int(name[4:]) % 7 > 4]
    assert names("params.model = 'tree' AND metrics.score = 0") == ["run-21", "run-07"]
    assert len(names("params.model ILIKE 'f%'")) == 13
    assert len(names("attributes.status = 'FINISHED'")) == 5
    assert names("run_name LIKE '%-1_' AND start_time >= 1018") == ["run-19", "run-18"]
    assert names("tags.`mlflow.runName` = 'run-03'") == ["run-03"]
    ordered = names(order_by=["metrics.score DESC", "params.model ASC", "attributes.start_time ASC"], max_results=3)
    expected = sorted(range(25), key=lambda n: (-(n % 7), "tree" if n % 2 else "Forest", n))
    assert ordered == [f"run-{n:02}" for n in expected]
    run_id = client.search_runs([experiment], "run_name = 'run-03'")[0].info.run_id
    assert names(f"attributes.run_id IN ('{run_id}')") == ["run-03"]
    message = refused("INVALID_PARAMETER_VALUE", lambda: names("metrics.score > 'x'"))
    assert "character 17" in message, message
    refused("INVALID_PARAMETER_VALUE", lambda: names("params.model = 'tree' OR metrics.score > 1"))
    refused("INVALID_PARAMETER_VALUE", lambda: client.search_runs([experiment], max_results=50001))


def datasets():
    from mlflow.entities import Dataset, DatasetInput, InputTag

    run_id = client.create_run("0").info.run_id
    given = Dataset("equity_ohlc", "abc123", "local", '{"uri": "lake"}', "{}", '{"rows": 2800}')
    client.log_inputs(run_id, [DatasetInput(given, [InputTag("mlflow.data.context", "training")])])
    (read,) = client.get_run(run_id).inputs.dataset_inputs
    assert read.dataset.name == "equity_ohlc" and read.dataset.profile == '{"rows": 2800}'
    assert read.tags[0].value == "training"


def flow_run():
    """What Champion's own flows record can be read, and added to."""
    experiment = client.get_experiment_by_name("nse-bhavcopy-etl")
    (run,) = client.search_runs([experiment.experiment_id], "metrics.rows_processed > 2000")
    assert run.info.run_id == FLOW_RUN and run.info.run_name == "bhavcopy-etl-2026-01-09"
    assert run.info.status == RunStatus.to_string(RunStatus.FINISHED)
    assert run.data.params["trade_date"] == "2026-01-09"
    (point,) = client.get_metric_history(FLOW_RUN, "total_duration")
    assert point.value == 12.5 and point.timestamp == run.info.end_time
    client.set_tag(FLOW_RUN, "reviewed", "yes")


for work in (experiments, fluent_run, runs, batches, searches, datasets, flow_run):
    part(work)
print(f"done with mlflow {mlflow.__version__} on Python {sys.version.split()[0]}")
