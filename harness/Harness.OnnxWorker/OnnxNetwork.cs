using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Harness.OnnxWorker.Counting;
using Harness.OnnxWorker.Format;
using Harness.OnnxWorker.Inputs;

namespace Harness.OnnxWorker;

/// <summary>
/// A network that was trained elsewhere, from an ONNX file, on ONNX Runtime. Nothing is trained here: of the data only their shapes
/// are looked at, and the seed decides nothing, since networks with random operators of their own are refused.
/// </summary>
/// <param name="Model">Path of the file; the worker's argument unless a trial names another.</param>
/// <param name="Name">For people; no computation depends on it.</param>
/// <param name="Sha256">Of the file and those that hold its weights (<see cref="OnnxFile.Sha256"/>): what the trial is of.</param>
/// <param name="Divisor">Stored values are divided by it: 255 makes 0..1 of bytes. Token ids stay as they are.</param>
/// <param name="Mean">Subtracted then, one number for all channels or one for each; none is 0.</param>
/// <param name="Deviation">Divided by at last, likewise; none is 1.</param>
sealed record OnnxNetwork<TSample, TInput>(string Model = "", string Name = "", string Sha256 = "",
    [property: Range(0, double.MaxValue, MinimumIsExclusive = true)] double Divisor = 255, IReadOnlyList<double>? Mean = null,
    [property: Range(0, double.MaxValue, MinimumIsExclusive = true)] IReadOnlyList<double>? Deviation = null,
    OutputKind Output = OutputKind.Logits) : IModelFamily<TSample, ClassPrediction>
    where TInput : INetworkInput<TSample>
{
    public FamilyCard Card { get; } = new("onnx", 1, "ONNX file")
    {
        Kind = "ann", Summary = "A network that was trained and exported elsewhere, computed by ONNX Runtime.",
        Link = "https://onnx.ai",
    };

    /// <exception cref="DataUnavailableException">The file, or one with its weights, is missing.</exception>
    /// <exception cref="UnsupportedException">ONNX Runtime cannot load it, or it does not fit the dataset.</exception>
    public IModel<TSample, ClassPrediction> Prepare(TrainingData<TSample> data, RunContext context)
    {
        var file = OnnxFile.Read(new FileInfo(Model));
        if (!string.Equals(Sha256, file.Sha256, StringComparison.OrdinalIgnoreCase))
            throw new HarnessException($"The trial is of a model with sha256 '{Sha256}', and {file.Name} has {file.Sha256}. "
                + $"Take the configuration that `harness-onnx {Path.GetFileName(Model)} configuration` prints.");
        file.RefuseRandomOperators();
        var shape = TInput.Shape(data.Training[0]);
        var session = new OnnxSession(file, context.Threads, TInput.Element);
        try
        {
            NetworkFit.Check(session, TInput.Axes, AxesOf(context.Dataset, shape), context.Dataset?.Classes);
            var scaling = TInput.ChannelAxis is { } axis ? new Scaling(Divisor, Mean, Deviation, shape, axis) : null;
            return new OnnxModel<TSample, TInput>(session, scaling, Output, new OperationCounter(file));
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    static IReadOnlyList<int> AxesOf(DatasetCard? card, int[] sample)
    {
        if (card?.Axes is not { } axes) return sample;
        int[] stated = [.. axes.Select(axis => axis.Size)];
        return stated.SequenceEqual(sample) ? stated : throw new HarnessException($"The card of {card.Protocol} states samples of "
            + $"[{string.Join(", ", stated)}], and the first one is [{string.Join(", ", sample)}].");
    }
}
