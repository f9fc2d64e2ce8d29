using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Harness.Datasets.Events;
using Harness.Torch;
using Suites.SpikingTransformers.Learning;
using Suites.SpikingTransformers.Networks.Liquids;

namespace Suites.SpikingTransformers.Families.Temporal;

/// <summary>Which image goes with a sound in training.</summary>
public enum PairRule
{
    /// <summary>One of its class.</summary>
    Matched,
    /// <summary>Any: the control, which has nothing to learn.</summary>
    Shuffled,
}

/// <summary>Two random liquids, one for sounds and one for images, and projections that make answers to the same class alike.</summary>
/// <param name="Memory">Devices that hold the weights.</param>
/// <param name="Projection">Numbers that a projection gives.</param>
/// <param name="SoundScale">Deviation of the weights of the liquid that hears.</param>
/// <param name="ImageScale">Deviation of the weights of the liquid that sees.</param>
/// <param name="ImageSteps">Steps that an image is shown.</param>
public sealed record RramPairs(
    PairRule Pairs = PairRule.Matched,
    ResistiveMemory? Memory = null,
    [property: Range(1, 8192)] int Neurons = 200,
    [property: Range(1, 8192)] int Projection = 64,
    [property: Range(0.0, 1.0)] double Decay = 0.9,
    [property: Range(0.0, 1000.0, MinimumIsExclusive = true)] double Threshold = 5,
    [property: Range(0.0, 1000.0, MinimumIsExclusive = true)] double SoundScale = 0.4,
    [property: Range(0.0, 1000.0, MinimumIsExclusive = true)] double ImageScale = 0.4,
    [property: Range(1, 1000)] int ImageSteps = 50,
    [property: Range(1, 64)] int Pool = 2,
    [property: Range(1, 100_000)] int Epochs = 100,
    [property: Range(2, 65_536)] int BatchSize = 8,
    [property: Range(0.0, 1.0, MinimumIsExclusive = true)] double LearningRate = 1e-3)
    : IModelFamily<SoundWithImages, ClassPrediction>
{
    const double Rate = 0.5;

    public ResistiveMemory Memory { get; init; } = Memory ?? new();

    public FamilyCard Card => new RramLsm().Card with
    {
        Id = "rram-lsm-pairs",
        Title = "Resistive-memory liquids, sounds and images",
        Summary = "Two random liquids that are never trained, and for each a projection that is: sounds and images of one class are made "
            + "alike, by contrast to other pairs. Classes that training never had are asked about too.",
        Equations = """
            z_sound = GELU(A counts_sound + a), z_image = GELU(B counts_image + b)
            loss = mean of both cross entropies of z_sound . z_image over a batch of pairs, the own partner being right
            answer = the image of the largest z_sound . z_image
            """,
    };

    public IModel<SoundWithImages, ClassPrediction> Prepare(TrainingData<SoundWithImages> data, RunContext context)
    {
        if (data.Training.Count < 2)
            throw new TrainingFailedException($"Contrast needs at least two pairs of training, not {data.Training.Count}.");
        var (sound, image) = (data.Training[0].Sound, data.Training[0].Images[0]);
        var heard = new FrameView(sound.Channels);
        var seen = new ImageView(image.Height, image.Width, Pool, ImageSteps, Rate, context.Seed);
        var (hearing, heardLater) = RandomWeights.Of(Memory, heard.Inputs, Neurons, SoundScale, context.Seed);
        var (seeing, seenLater) = RandomWeights.Of(Memory, seen.Inputs, Neurons, ImageScale, ~context.Seed);
        var (training, validation) = (Responses(data.Training), Responses(data.Validation));
        if (Pairs == PairRule.Shuffled) training = Shuffled(training, new SampleOrder(context.Seed));
        TorchSession.Begin(context.Seed, context.Threads);
        var network = new PairProjections(Neurons, Neurons, Projection);
        try
        {
            var pairing = new Pairing(network, Largest(training.Select(pair => pair.Sound)),
                Largest(training.Select(pair => pair.Images[0])), new Recipe(Epochs, BatchSize, LearningRate, WeightDecay: 0), context);
            pairing.Fit(training, validation);
            return new PairModel(Hearing(heardLater), Seeing(seenLater), network, pairing, (sound.Steps, ImageSteps));
        }
        catch
        {
            network.Dispose();
            throw;
        }

        PairedShares[] Responses(IReadOnlyList<SoundWithImages> samples) =>
            PairedShares.Of(Hearing(hearing), Seeing(seeing), samples, context.Cancellation);
        EventProbe<FrameSequence> Hearing(LiquidWeights weights) => new(heard, weights, Decay, Threshold, context.Seed, context.Threads);
        EventProbe<LabeledImage> Seeing(LiquidWeights weights) => new(seen, weights, Decay, Threshold, context.Seed, context.Threads);
    }

    static PairedShares[] Shuffled(PairedShares[] pairs, SampleOrder chance) =>
        [.. chance.Permutation(pairs.Length).Zip(pairs, (other, pair) => pair with { Images = pairs[other].Images })];

    static float Largest(IEnumerable<float[]> shares) => shares.Max(row => row.Max()) is > 0 and var largest ? largest : 1;
}
