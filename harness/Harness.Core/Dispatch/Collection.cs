using System.Text.Json;

namespace Harness.Core.Dispatch;

/// <summary>Gathers the observations of one run; what a worker left unsaid stays absent.</summary>
sealed class Collection
{
    readonly List<JsonElement> _predictions = [];
    readonly List<TrainingPoint> _curve = [];
    readonly List<Timed> _timings = [];
    readonly List<Reading> _readings = [];
    readonly List<SensorTrace> _traces = [];
    Footprint? _footprint;
    OperationCounts? _operations;

    public Finished? Finished { get; private set; }

    public IReadOnlyList<JsonElement> Predictions => _predictions;

    public void Add(Observation observation)
    {
        switch (observation)
        {
            case Trained trained: _curve.Add(trained.Point); break;
            case Described described: (_footprint, _operations) = (described.Footprint, described.Operations ?? _operations); break;
            case Predicted predicted: Add(predicted); break;
            case Timed timed: _timings.Add(timed); break;
            case Read read: _readings.Add(read.Reading); break;
            case Traced traced: _traces.Add(traced.Trace); break;
            case Finished finished: Finished = finished; break;
        }
    }

    public RunRecord On(RunRecord run) => run with
    {
        Footprint = _footprint, Operations = _operations, Curve = _curve, Timings = _timings, Traces = _traces,
        Readings = [.. run.Readings, .. _readings],
    };

    void Add(Predicted predicted)
    {
        if (predicted.First != _predictions.Count)
            throw new HarnessException($"The agent sent predictions from sample {predicted.First} on; {_predictions.Count} was due.");
        _predictions.AddRange(predicted.Predictions);
    }
}
