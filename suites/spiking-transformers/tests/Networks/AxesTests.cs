using Harness.Spiking.Counting;
using Harness.Spiking.Neurons;
using Harness.Torch;
using Suites.SpikingTransformers.Families;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Tests.Networks;

/// <summary>The parts against their equations, and what makes no sense against the reason it is refused for.</summary>
public sealed class AxesTests
{
    static readonly NeuronRules Rules = NeuronRules.Of(NeuronKind.Lif, 2, 0.5, Surrogate.Sigmoid, 4, 3);
    static readonly AttentionShape Shape = new(12, 3, 0.25, 0.5, new(2, 3));

    public AxesTests() => TorchSession.Begin(1, 1);

    [Fact]
    public void Spiking_attention_is_its_equation_fused_or_not()
    {
        var projected = Spikes(3, 2, 6, 36);
        var parts = projected.view(3, 2, 6, 3, 3, 4).permute(3, 0, 1, 4, 2, 5);
        var mixed = (parts[0].matmul(parts[1].transpose(-1, -2)) * 0.25).matmul(parts[2]).transpose(2, 3).reshape(3, 2, 6, 12);
        Equal(Lif(mixed), new SpikingMixer("a", Shape, Rules, new OperationLedger()).forward(projected));
        // A learned tau starts where the fixed one is.
        Equal(Lif(mixed), new SpikingMixer("a", Shape, Rules with { Kind = NeuronKind.Plif }, new OperationLedger()).forward(projected));
    }

    [Fact]
    public void Masked_attention_is_its_equation()
    {
        var projected = Spikes(3, 2, 6, 36);
        var parts = projected.chunk(3, -1);
        Equal(parts[0] * Lif((parts[1] * parts[2]).sum([2], keepdim: true)),
            new MaskMixer("a", Shape, Rules, new OperationLedger()).forward(projected));
    }

    [Fact]
    public void Choosing_attention_is_its_equation()
    {
        var projected = Spikes(3, 2, 6, 24);
        var (query, key) = (projected[.., .., .., ..12].view(3, 2, 6, 3, 4), projected[.., .., .., 12..].view(3, 2, 6, 3, 4));
        Equal((key * Lif(query.sum([-1])).unsqueeze(-1)).flatten(3),
            new ChoiceMixer("a", Shape, Rules, new OperationLedger()).forward(projected));
    }

    [Fact]
    public void Queries_of_a_step_remember_those_before()
    {
        // Mixed inputs are at most 1, and tau halves them: a low threshold lets either of the two fire.
        var mixer = new TemporalMixer("a", Shape, 0.5, Rules.At(0.1), new OperationLedger());
        var (first, later) = (Spikes(3, 2, 6, 36), Spikes(3, 2, 6, 36));
        // Only the queries of the first step differ.
        var changed = first.clone();
        changed[0, .., .., ..12] = later[0, .., .., ..12];
        using var mode = no_grad();
        var moved = (mixer.forward(changed) - mixer.forward(first)).abs().sum([1, 2, 3]);
        Assert.True(moved[0].item<float>() > 0);
        Assert.True(moved[1..].sum().item<float>() > 0);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(16)]
    public void The_transpose_of_a_Haar_matrix_is_its_inverse(int size)
    {
        var matrix = Haar.Matrix(size);
        Assert.InRange((matrix.matmul(matrix.t()) - eye(size)).abs().max().item<float>(), 0, 1e-6);
        // A constant has all of its energy in the first wavelet.
        Assert.InRange(matrix.matmul(ones(size))[1..].abs().max().item<float>(), 0, 1e-6);
    }

    [Theory]
    [InlineData(784, 97)]
    [InlineData(1024, 63)]
    public void Sequences_become_as_many_tokens_as_STEPs(int length, int tokens)
    {
        var embedding = new SequenceConvolutions(new(1, new(1, length)), 16, Rules, new OperationLedger());
        Assert.Equal(tokens, embedding.Length);
        Assert.Equal(new Grid(1, Math.Min(64, tokens)), embedding.Grid);
        Assert.Equal([3, 2, Math.Min(64, tokens), 16], embedding.Forward(new(rand(2, 1, 1, length), 3, Constant: true)).shape);
    }

    [Fact]
    public void A_rate_code_draws_anew_in_training_and_the_same_for_all_in_evaluation()
    {
        var coding = new InputCoding(new(200, NeuronKind.Lif, 2, 1, Surrogate.Sigmoid, 4, InputCode.Rate, 0));
        var images = full([2, 1, 4, 4], 0.25f);
        var (first, second) = (coding.Encode(images, training: true).Values, coding.Encode(images, training: true).Values);
        Assert.True(first.ne(second).any().item<bool>());
        Assert.InRange(first.mean().item<float>(), 0.2, 0.3);
        var fixedDraw = coding.Encode(images, training: false).Values;
        Equal(fixedDraw, coding.Encode(images, training: false).Values);
        Equal(fixedDraw[.., 0], fixedDraw[.., 1]);
        Assert.InRange(fixedDraw.mean().item<float>(), 0.2, 0.3);
    }

    public static TheoryData<string, string> Refused => new()
    {
        { "sequence for images", "are no sequence; set embedding to sps" },
        { "images for a sequence", "has no rows for embedding Sps; set embedding to sequence" },
        { "sdsa3 on a sequence", "those of a sequence have none" },
        { "stages on a sequence", "takes images or frames with rows and columns" },
        { "resolution of a sequence", "has no resolution" },
        { "glif of threshold 1", "keeps its threshold between 0 and 1" },
        { "plif of tau 1", "starts above 1, not at 1" },
        { "psn in tim", "fire step by step" },
        { "one step in tim", "set steps to 2 or more" },
        { "haar of 7", "power of 2, not 7" },
        { "odd parts", "cannot be parted into 2x2" },
        { "patches of 6", "cannot be cut into patches of 4x4" },
        { "code of frames", "Frames have their own time" },
        { "steps of frames", "has 2 frames, but the network 3 steps" },
        { "heads", "must be a multiple of 8 and of heads (3)" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_makes_no_sense_is_refused_with_a_reason(string what, string reason)
    {
        var error = Assert.Throws<HarnessException>(() => Make(what));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    static void Make(string what)
    {
        var (images, sequence) = (new InputShape(1, new(16, 16)), new InputShape(1, new(1, 100)));
        _ = what switch
        {
            "sequence for images" => Network("spikformer", images, ("Embedding", EmbeddingKind.Sequence)),
            "images for a sequence" => Network("spikformer", sequence),
            "sdsa3 on a sequence" => Network("sdt", sequence, ("Attention", AttentionKind.Sdsa3)),
            "stages on a sequence" => Network("qkformer", sequence),
            "resolution of a sequence" => Network("sdt", sequence, ("Resolution", 16)),
            "glif of threshold 1" => Network("sdt", images, ("Neuron", NeuronKind.Glif), ("Threshold", 1.0)),
            "plif of tau 1" => Network("sdt", images, ("Neuron", NeuronKind.Plif), ("Tau", 1.0)),
            "psn in tim" => Network("tim", images, ("Neuron", NeuronKind.Psn)),
            "one step in tim" => Network("tim", images, ("Steps", 1)),
            "haar of 7" => Network("swformer", images with { Grid = new(28, 28) }),
            "odd parts" => Network("sglformer", images with { Grid = new(28, 28) }),
            "patches of 6" => Network("spikingresformer", images with { Grid = new(18, 18) }),
            "code of frames" => Network("sdt", images, ("Code", InputCode.Rate)).forward(rand([2, 3, 1, 16, 16])),
            "steps of frames" => Network("sdt", images).forward(rand([2, 2, 1, 16, 16])),
            _ => (object)Network("sdt", images, ("Attention", AttentionKind.Ssa), ("Heads", 3)),
        };
    }

    static SpikingClassifier Network(string id, InputShape input, params (string Knob, object Value)[] changes)
    {
        var family = changes.Aggregate((object)Zoo.Find(id), (made, change) => Unwrapped(made, change.Knob, change.Value));
        return SpikingImages.Classifier((IBackboneFamily)family, input, 3, new OperationLedger());
    }

    // A width that heads do not divide is refused by the record itself in some families.
    static object Unwrapped(object family, string knob, object value)
    {
        try { return Zoo.With(family, knob, value); }
        catch (ArgumentException error) { throw new HarnessException(error.Message, error); }
    }

    static Tensor Spikes(params long[] shape) => rand(shape).lt(0.5).to(float32);

    static Tensor Lif(Tensor current) => LifGraph.Spikes(current, Rules.Lif);

    static void Equal(Tensor expected, Tensor actual)
    {
        Assert.True(expected.sum().item<float>() > 0);
        Assert.Equal(0, (expected - actual).abs().max().item<float>());
    }
}
