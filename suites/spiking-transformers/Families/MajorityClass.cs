using Harness.Datasets;
using Harness.Datasets.Events;
using Suites.SpikingTransformers.Learning;

namespace Suites.SpikingTransformers.Families;

/// <summary>Always the most frequent class of training; of equally frequent ones the lowest. What every other family must beat.</summary>
public sealed record MajorityClass : IModelFamily<LabeledImage, ClassPrediction>, IModelFamily<TokenSequence, ClassPrediction>,
    IModelFamily<FrameSequence, ClassPrediction>, IModelFamily<FrameImages, ClassPrediction>
{
    public FamilyCard Card => new("majority-class", 1, "Majority class")
    {
        Kind = "control",
        Summary = "Answers every sample with the most frequent class of the training part; its confidence is that class's share.",
        Equations = "y = argmax_c n_c\nconfidence = n_y / sum_c n_c",
    };

    public IModel<LabeledImage, ClassPrediction> Prepare(TrainingData<LabeledImage> data, RunContext context) => Count(data);

    public IModel<TokenSequence, ClassPrediction> Prepare(TrainingData<TokenSequence> data, RunContext context) => Count(data);

    public IModel<FrameSequence, ClassPrediction> Prepare(TrainingData<FrameSequence> data, RunContext context) => Count(data);

    public IModel<FrameImages, ClassPrediction> Prepare(TrainingData<FrameImages> data, RunContext context) => Count(data);

    static Model Count<TSample>(TrainingData<TSample> data) where TSample : ILabeled
    {
        var counts = new int[Classes.Of(data)];
        foreach (var sample in data.Training) counts[sample.Label]++;
        var best = counts.IndexOf(counts.Max());
        return new(new(best, (float)counts[best] / data.Training.Count));
    }

    sealed class Model(ClassPrediction answer) : IModel<ILabeled, ClassPrediction>
    {
        // The class and its share, four bytes each.
        public Footprint Footprint { get; } = new(2, 8, 32);

        public IReadOnlyList<ClassPrediction> Predict(IReadOnlyList<ILabeled> batch) => [.. Enumerable.Repeat(answer, batch.Count)];

        public OperationCounts Count(IReadOnlyList<ILabeled> batch) => new([], batch.Count);

        public void Dispose() { }
    }
}
