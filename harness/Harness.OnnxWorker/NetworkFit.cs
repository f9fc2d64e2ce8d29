namespace Harness.OnnxWorker;

/// <summary>Whether a network takes the samples of a dataset and answers with its classes.</summary>
static class NetworkFit
{
    /// <param name="names">Of a sample's axes.</param>
    /// <param name="sample">Their sizes.</param>
    /// <param name="classes">As the dataset's card states them; null or 0 where none is at hand.</param>
    /// <exception cref="UnsupportedException">It does not; the message says what would.</exception>
    public static void Check(OnnxSession session, IReadOnlyList<string> names, IReadOnlyList<int> sample, int? classes)
    {
        var wanted = string.Join(", ", names.Zip(sample, (name, size) => $"{name} {size}").Prepend("batch"));
        if (session.InputShape is not [var batch, .. var rest] || rest.Length != sample.Count || !rest.Zip(sample).All(Fits))
            throw new UnsupportedException($"The network takes an input {Words(session.InputShape)}, and the dataset's samples are "
                + $"[{wanted}]; put a reshape into the network before it is exported, or take another dataset.");
        if (batch is not (OnnxSession.Any or 1))
            throw new UnsupportedException($"The network takes batches of {batch} samples and of no other size; export it with a batch "
                + "axis of any size (torch.onnx.export: dynamic_axes or dynamic_shapes), or of 1.");
        if (session.OutputShape is not [_, var outputs])
            throw new UnsupportedException($"The network answers with {Words(session.OutputShape)}; allowed is [batch, classes].");
        if (classes is > 0 && outputs != OnnxSession.Any && outputs != classes)
            throw new UnsupportedException($"The network tells {outputs} classes apart, and the dataset has {classes}.");
    }

    static bool Fits((int Network, int Sample) axis) => axis.Network == OnnxSession.Any || axis.Network == axis.Sample;

    static string Words(IReadOnlyList<int> shape) =>
        $"[{string.Join(", ", shape.Select(size => size == OnnxSession.Any ? "any" : $"{size}"))}]";
}
