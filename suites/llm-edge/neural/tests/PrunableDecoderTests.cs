using Harness.Torch;
using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Neural.Networks;
using Suites.LlmEdge.Pruning.Decoders;
using Suites.LlmEdge.Tokens;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.LlmEdge.Neural.Tests;

public sealed class PrunableDecoderTests
{
    static readonly int[][] Sequences = [[256, 72, 101, 108, 108, 111, 32, 10], [256, 0, 255, 128, 119, 111, 114, 108]];

    [Theory]
    [InlineData(Gating.Swiglu)]
    [InlineData(Gating.Reglu)]
    [InlineData(Gating.Drelu)]
    public void Gradients_of_each_sequence_are_those_of_automatic_differentiation(Gating gating)
    {
        TorchSession.Begin(5, 1);
        using var network = new DecoderNetwork(new("llama", ByteTokens.Vocabulary, 16, 32, 48, 2, 4, 4) { Gating = gating });
        using (no_grad())
            foreach (var parameter in network.parameters()) parameter.mul_(3); // far from where all gates are nearly closed
        using var model = network.ToModel(ByteTokens.Tokenizer(), "tiny");
        using var product = new DenseProduct(1);
        var traces = new PrunableDecoder(new(model), Sequences, product).Draw(2, new(1)).Traces()
            .ToDictionary(found => found.Layer.Name, found => found);
        // Which of the two sequences was drawn first is not known, so that their gradients are compared in ascending order.
        var (losses, gradients) = (new double[2], new Dictionary<string, float[]>[2]);
        for (var i = 0; i < 2; i++) (losses[i], gradients[i]) = Differentiated(network, Sequences[i]);
        foreach (var (name, (layer, trace)) in traces)
        {
            Assert.Equal(losses.Average(), trace.Loss, 1e-3);
            int[] places = [0, 9, layer.Values.Length / 2, layer.Values.Length - 1];
            var found = trace.Gradients(places);
            for (var place = 0; place < places.Length; place++)
            {
                float[] expected = [gradients[0][name][places[place]], gradients[1][name][places[place]]];
                Assert.Equal(expected.Order(), found.AsSpan(2 * place, 2).ToArray().Order(), (a, b) => Math.Abs(a - b) < 1e-3f);
            }
        }
    }

    static (double Loss, Dictionary<string, float[]> Gradients) Differentiated(DecoderNetwork network, int[] sequence)
    {
        using var scope = NewDisposeScope();
        network.zero_grad();
        var tokens = tensor(sequence.Select(token => (long)token).ToArray(), [1, sequence.Length]);
        var logits = network.forward(tokens.narrow(1, 0, sequence.Length - 1));
        var loss = nn.functional.cross_entropy(logits.reshape(-1, ByteTokens.Vocabulary), tokens.narrow(1, 1, sequence.Length - 1)
            .reshape(-1), reduction: nn.Reduction.Sum);
        loss.backward();
        string[] names = ["attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"];
        return (loss.item<float>(), network.Blocks.SelectMany((block, index) => block.Matrices.Zip(names, (weights, name) =>
                (Name: $"blk.{index}.{name}", Values: weights.grad!.data<float>().ToArray())))
            .ToDictionary(one => one.Name, one => one.Values));
    }
}
