using Harness.Datasets.Images;
using Harness.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Learning;

/// <summary>Scenes as frames [samples, steps, 1, rows, columns], intensity 0..1: a frame is the input of one step.</summary>
sealed record SceneFrames(int Steps, int Height, int Width) : IEncoder<BoxedScene>
{
    public static SceneFrames Of(TrainingData<BoxedScene> data) => data.Training.Count == 0
        ? throw new TrainingFailedException("There are no training scenes; a detector needs at least one.")
        : new(data.Training[0].Steps, data.Training[0].Height, data.Training[0].Width);

    public Tensor Encode(IReadOnlyList<BoxedScene> samples)
    {
        using var bytes = zeros([samples.Count, Steps, 1, Height, Width], uint8);
        var length = Steps * Height * Width;
        for (var index = 0; index < samples.Count; index++)
            Fitting(samples[index]).CopyTo(bytes.bytes.Slice(index * length, length));
        return bytes.to(float32).div_(byte.MaxValue);
    }

    public Tensor EncodeVaried(IReadOnlyList<BoxedScene> samples, SampleOrder chance) => Encode(samples);

    ReadOnlySpan<byte> Fitting(BoxedScene scene) => (scene.Steps, scene.Height, scene.Width) == (Steps, Height, Width) ? scene.Frames.Span
        : throw new HarnessException($"A scene is [{scene.Steps}, {scene.Height}, {scene.Width}], but the model was made for "
            + $"[{Steps}, {Height}, {Width}]; give all scenes of a dataset one size.");
}

/// <summary>
/// What the outputs of a token mean: whether the middle of a box lies in its patch, where in it, how large the box is, which class it has.
/// </summary>
/// <param name="Patch">Side of a token's patch in pixels.</param>
/// <param name="Side">Longest side of a box.</param>
sealed record BoxCode(int Patch, int Side, int Classes)
{
    // Presence, two for the middle, two for the size.
    const int Numbers = 5;
    const double LeastScore = 0.05, MostOverlap = 0.5;
    const int MostBoxes = 20;

    public int Outputs => Numbers + Classes;

    /// <summary>The boxes of each of [samples, rows, columns, outputs], the surest first; of boxes that cover each other one.</summary>
    public IReadOnlyList<BoxesPrediction> Read(Tensor output)
    {
        var presence = output.select(3, 0).sigmoid();
        var places = output.narrow(3, 1, 4).sigmoid();
        var (shares, labels) = output.narrow(3, Numbers, Classes).softmax(3).max(3);
        var score = (presence * shares).contiguous().data<float>().ToArray();
        var (box, label) = (places.contiguous().data<float>().ToArray(), labels.contiguous().data<long>().ToArray());
        var (rows, columns) = ((int)output.shape[1], (int)output.shape[2]);
        return [.. Enumerable.Range(0, (int)output.shape[0]).Select(sample => new BoxesPrediction(Surest(
            Enumerable.Range(sample * rows * columns, rows * columns).Where(at => score[at] > LeastScore).Select(at =>
                new FoundBox(Box(box.AsSpan(4 * at, 4), (int)label[at], at / columns % rows, at % columns), score[at])))))];
    }

    LabeledBox Box(ReadOnlySpan<float> numbers, int label, int row, int column)
    {
        var (x, y) = ((column + numbers[0]) * Patch, (row + numbers[1]) * Patch);
        var (width, height) = (numbers[2] * Side, numbers[3] * Side);
        return new(label, x - width / 2, y - height / 2, x + width / 2, y + height / 2);
    }

    static List<FoundBox> Surest(IEnumerable<FoundBox> boxes)
    {
        var kept = new List<FoundBox>();
        foreach (var box in boxes.OrderByDescending(box => box.Score))
            if (kept.Count < MostBoxes && kept.TrueForAll(other => other.Box.Overlap(box.Box) < MostOverlap)) kept.Add(box);
        return kept;
    }

    /// <summary>Where the middle of a box lies in the grid, and the numbers that a token there should give for it.</summary>
    public (int Row, int Column, float[] Numbers) Encode(LabeledBox box, Grid grid)
    {
        var (x, y) = ((box.Left + box.Right) / 2 / Patch, (box.Top + box.Bottom) / 2 / Patch);
        var (column, row) = (Math.Clamp((int)x, 0, grid.Columns - 1), Math.Clamp((int)y, 0, grid.Rows - 1));
        return (row, column, [x - column, y - row, (box.Right - box.Left) / Side, (box.Bottom - box.Top) / Side]);
    }
}

/// <summary>
/// Presence by cross entropy over all tokens; middle and size by their distance, and the class by cross entropy, at the tokens that hold
/// the middle of a box.
/// </summary>
sealed class BoxObjective(nn.Module<Tensor, Tensor> network, SceneFrames encoder, BoxCode code, Grid grid) : IObjective<BoxedScene>
{
    // One token in a hundred holds a box.
    const double Rarity = 10;

    public Tensor Loss(IReadOnlyList<BoxedScene> batch, int epoch, SampleOrder chance)
    {
        using var scope = NewDisposeScope();
        var output = network.forward(encoder.EncodeVaried(batch, chance)).view(-1, code.Outputs);
        var (places, numbers, labels) = (new List<long>(), new List<float>(), new List<long>());
        foreach (var (sample, scene) in batch.Index())
            foreach (var box in scene.Boxes)
            {
                var (row, column, wanted) = code.Encode(box, grid);
                places.Add((sample * grid.Rows + row) * grid.Columns + column);
                numbers.AddRange(wanted);
                labels.Add(box.Label);
            }
        var present = zeros(output.shape[0]);
        if (places.Count == 0)
            return nn.functional.binary_cross_entropy_with_logits(output.select(1, 0), present).MoveToOuterDisposeScope();
        var held = tensor(places.ToArray());
        present.index_fill_(0, held, 1);
        var found = output.index_select(0, held);
        var presence = nn.functional.binary_cross_entropy_with_logits(output.select(1, 0), present, pos_weights: tensor((float)Rarity));
        var distance = (found.narrow(1, 1, 4).sigmoid() - tensor(numbers.ToArray()).view(-1, 4)).abs().sum(1).mean();
        var entropy = nn.functional.cross_entropy(found.narrow(1, code.Outputs - code.Classes, code.Classes), tensor(labels.ToArray()));
        return (presence * Rarity + distance * 2 + entropy).MoveToOuterDisposeScope();
    }

    public double Score(IReadOnlyList<BoxedScene> samples, CancellationToken cancellation)
    {
        var tally = new AveragePrecision();
        foreach (var batch in samples.Chunk(Classifier.BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            using var mode = inference_mode();
            using var scope = NewDisposeScope();
            foreach (var (scene, found) in batch.Zip(code.Read(network.forward(encoder.Encode(batch)))))
                tally.Add(scene.Boxes, found.Found);
        }
        return tally.Mean();
    }
}
