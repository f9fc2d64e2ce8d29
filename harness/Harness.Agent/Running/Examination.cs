using System.Text.Json;

namespace Harness.Agent.Running;

/// <summary>The stages that touch the test split: predict (timed, probed), single-sample latency, counting of operations.</summary>
sealed class Examination<TSample, TPrediction>(Benchmark<TSample, TPrediction> benchmark, IModel<TSample, TPrediction> model,
    RunRequest request, TimeProvider time, IReadOnlyList<IProbe> probes, Action<Observation> emit, CancellationToken cancellation)
{
    const int PredictionsPerLine = 256;
    const int CharactersPerLine = 1024 * 1024;

    public void Of(IDataset<TSample> dataset, DirectoryInfo cache)
    {
        Start("predict");
        var samples = dataset.Read(cache, Split.Test).Take(request.Trial.Limit ?? int.MaxValue).Select(benchmark.Withhold).ToList();
        if (samples.Count == 0) throw new DataUnavailableException($"{request.Trial.Protocol} has no test samples to run.");
        var predictions = PredictAll(samples);
        Send(predictions);
        if (request.LatencySamples > 0) MeasureLatency(samples, predictions);
        if (request.CountSamples > 0) Count(samples);
    }

    // Serialising waits until the probes have closed their window, so that they see the model and nothing else.
    List<TPrediction> PredictAll(List<TSample> samples)
    {
        var predictions = new List<TPrediction>(samples.Count);
        var batches = samples.Chunk(Math.Max(1, request.Batch)).ToList();
        Settle();
        Predict("warmup", batches[0]);
        foreach (var reading in Around(() => batches.ForEach(batch => predictions.AddRange(Predict("offline", batch)))))
            emit(new Read(reading));
        foreach (var trace in probes.SelectMany(probe => probe.TakeTraces())) emit(new Traced(trace));
        return predictions;
    }

    IReadOnlyList<TPrediction> Predict(string stage, TSample[] batch)
    {
        cancellation.ThrowIfCancellationRequested();
        var start = time.GetTimestamp();
        var predictions = model.Predict(batch);
        var nanoseconds = time.NanosecondsSince(start);
        emit(new Timed(stage, batch.Length, nanoseconds));
        if (model is IStagedModel staged)
            foreach (var part in staged.TakeStages()) emit(part with { Stage = $"{stage}/{part.Stage}" });
        return predictions.Count == batch.Length
            ? predictions
            : throw new HarnessException($"Predict returned {predictions.Count} predictions for {batch.Length} samples; " +
                "it must return one each, in order.");
    }

    List<Reading> Around(Action work)
    {
        var readings = new List<Reading>();
        probes.Reverse().Aggregate(work, (inner, probe) => () => readings.AddRange(probe.Around(inner)))();
        return readings;
    }

    void Send(List<TPrediction> predictions)
    {
        var line = new List<JsonElement>();
        var (first, characters) = (0, 0);
        for (var index = 0; index < predictions.Count; index++)
        {
            var element = WorkerLine.ToElement(predictions[index], $"Prediction {index} of the test split");
            var length = element.GetRawText().Length;
            if (line.Count == PredictionsPerLine || (line.Count > 0 && characters + length > CharactersPerLine)) Flush();
            line.Add(element);
            characters += length;
        }
        Flush();

        void Flush()
        {
            emit(new Predicted(first, [.. line]));
            first += line.Count;
            characters = 0;
            line.Clear();
        }
    }

    void MeasureLatency(List<TSample> samples, List<TPrediction> predictions)
    {
        Start("latency");
        Settle();
        for (var call = 0; call < request.WarmupCalls; call++) Predict("warmup", [samples[call % samples.Count]]);
        var count = Math.Min(request.LatencySamples, samples.Count);
        var equal = Enumerable.Range(0, count)
            .Count(index => benchmark.Answer(Predict("single_stream", [samples[index]])[0]) == benchmark.Answer(predictions[index]));
        emit(new Read(new(Measuring.Quantities.SingleVersusBatch.Id, (double)equal / count)));
    }

    void Count(List<TSample> samples)
    {
        Start("count");
        var counts = samples.Take(request.CountSamples).Chunk(Math.Max(1, request.Batch)).Select(batch =>
        {
            cancellation.ThrowIfCancellationRequested();
            return model.Count(batch);
        });
        try { emit(new Described(model.Footprint, Counts.Mean([.. counts]))); }
        catch (UnsupportedException error) { emit(new Read(new(Measuring.Quantities.OperationsCounted.Id, null, error.Message))); }
    }

    // Garbage of training must not be collected on the model's clock.
    static void Settle()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    void Start(string phase)
    {
        cancellation.ThrowIfCancellationRequested();
        emit(new PhaseStarted(phase));
    }
}
