using System.CommandLine;
using System.Globalization;
using Harness.Spiking.Counting;
using Harness.Spiking.Neurons;
using Harness.Torch;
using Suites.SpikingTransformers.Families;
using Suites.SpikingTransformers.Networks;
using Suites.SpikingTransformers.Tests.Networks;
using TorchSharp;
using static Harness.Benchmarks.Interleaved;
using static TorchSharp.torch;

namespace Harness.Benchmarks.Spiking;

/// <summary>
/// Spikformer of 163 906 parameters (28x28 images, width 64, depth 2, 4 heads, 4 steps, batches of 64): the suite's network beside the same
/// network out of libtorch's operations, in one process. The peak of memory is of a process each.
/// </summary>
static class SpikformerBenchmark
{
    const int Steps = 4, Side = 28, PeerRounds = 9;
    static readonly TransformerShape Shape = new(1, 10, 64, 2, 4, 4);
    static readonly LifParameters Lif = new();

    public static Command Create()
    {
        var memory = new Option<string?>("--memory") { Description = "fused or plain: the most memory that network takes in training." };
        memory.AcceptOnlyFromAmong("fused", "plain");
        var steps = new Option<int>("--steps") { Description = "Training steps of --memory.", DefaultValueFactory = _ => 30 };
        var batch = new Option<int>("--batch") { Description = "Images of a step.", DefaultValueFactory = _ => 64 };
        var peer = new Option<DirectoryInfo?>("--peer")
        {
            Description = "A checkout of SpikingJelly, whose Spikformer runs beside ours; SPIKINGJELLY_PYTHON names the Python.",
        };
        var command = new Command("spikformer", "Spikformer beside the same network out of libtorch's operations.")
        {
            memory, steps, batch, peer,
        };
        command.SetAction(result =>
        {
            var (output, images) = (Harness.Cli.Terminal.Standard.Data, result.GetValue(batch));
            if (result.GetValue(peer) is { } folder) Peer(output, folder, images);
            else if (result.GetValue(memory) is { } which) Memory(output, which == "plain", result.GetValue(steps), images);
            else Speed(output, images);
        });
        return command;
    }

    static void Speed(TextWriter output, int images)
    {
        // As published, with which hardly a neuron fires in inference at the start, and as the suite trains it.
        foreach (var threshold in new[] { 1, new Spikformer().Threshold }) Speed(output, images, threshold);
    }

    static void Speed(TextWriter output, int images, double threshold)
    {
        TorchSession.Begin(1, 2);
        var (family, ledger) = (new Spikformer(Steps: Steps, Threshold: threshold), new OperationLedger());
        using var fused = new Training(Fused(family, ledger), images);
        using var plain = new Training(new PlainSpikformer(Shape, Steps, 0.125, Lif with { Threshold = (float)threshold }, 0.5f), images);
        ((PlainSpikformer)plain.Network).Take(fused.Network);
        // Before training, which silences a network on images of noise, and after its norms have seen them.
        fused.Settle();
        plain.Settle();
        var counts = ledger.Record(images, fused.Infer).Layers;
        var rate = counts.Sum(layer => layer.Spikes) / counts.Sum(layer => layer.NeuronUpdates);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ModuleSize.Parameters(fused.Network)} parameters, threshold "
            + $"{threshold}: rate of the same answers {Agreement(fused, plain):F3}; {rate:P1} of neurons and steps fire in inference"));
        var inference = Interleaved.Run(15, 0.3, ("plain", plain.Infer), ("fused", fused.Infer));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"inference: plain {images / inference.Seconds("plain"):F0} images/s, "
            + $"fused {images / inference.Seconds("fused"):F0}, ratio {inference.Ratio("plain", "fused"):F2}"));
        var training = Interleaved.Run(15, 0.3, ("plain", plain.Step), ("fused", fused.Step));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"training:  plain {images / training.Seconds("plain"):F0} images/s, "
            + $"fused {images / training.Seconds("fused"):F0}, ratio {training.Ratio("plain", "fused"):F2}"));
    }

    /// <summary>The same network, weights and images in SpikingJelly: images a second of both, and how many answers agree.</summary>
    static void Peer(TextWriter output, DirectoryInfo folder, int images)
    {
        TorchSession.Begin(1, 2);
        using var fused = new Training(Fused(), images);
        using var peer = new SpikingJelly(folder, fused.Network, fused.Images, threads: 2);
        output.WriteLine($"{ModuleSize.Parameters(fused.Network)} parameters, SpikingJelly's {peer.Hello}; "
            + $"rate of the same answers {peer.Agreement(fused.Answers()):F3}");
        Compare("training", fused.Step);
        Compare("inference", fused.Infer);

        void Compare(string what, Action work)
        {
            List<double> mine = [], theirs = [], ratios = [];
            // Enough calls for a second of theirs; the first round is not counted.
            var calls = Math.Max(1, (int)(1 / peer.Seconds(what, 2)));
            for (var round = 0; round <= PeerRounds; round++)
            {
                var (slow, fast) = (peer.Seconds(what, calls), Interleaved.Once(work, calls));
                if (round == 0) continue;
                mine.Add(images / fast);
                theirs.Add(images / slow);
                ratios.Add(slow / fast);
            }
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: SpikingJelly {Median(theirs):F0} images/s, ours "
                + $"{Median(mine):F0}, ratio {Median(ratios):F2} ({ratios.Min():F2} to {ratios.Max():F2}, {PeerRounds} rounds)"));
        }
    }

    /// <summary>Trains for a while and prints what this process holds at each tenth of it, and the most it held.</summary>
    static void Memory(TextWriter output, bool plain, int steps, int images)
    {
        TorchSession.Begin(1, 2);
        using var training = new Training(plain ? new PlainSpikformer(Shape, Steps, 0.125, Lif, 0.5f) : Fused(), images);
        var before = Status("VmRSS");
        for (var step = 1; step <= steps; step++)
        {
            training.Step();
            if (step % Math.Max(1, steps / 10) == 0) output.WriteLine($"step {step}: {Status("VmRSS") / 1024} MiB");
        }
        output.WriteLine($"{(plain ? "plain" : "fused")}: peak {Status("VmHWM") / 1024} MiB, before the first step {before / 1024} MiB");
    }

    static nn.Module<Tensor, Tensor> Fused() => Fused(new(Steps: Steps, Threshold: 1), new());

    static nn.Module<Tensor, Tensor> Fused(Spikformer family, OperationLedger ledger) =>
        SpikingImages.Classifier(family, new(1, new(Side, Side)), 10, ledger);

    static float Agreement(Training one, Training other)
    {
        using var scope = NewDisposeScope();
        using var mode = inference_mode();
        one.Network.eval();
        other.Network.eval();
        return one.Network.forward(one.Images).argmax(1).eq(other.Network.forward(one.Images).argmax(1)).to(float32).mean().item<float>();
    }

    static long Status(string field) => long.Parse(File.ReadLines("/proc/self/status")
        .First(line => line.StartsWith(field, StringComparison.Ordinal))
        .Split(':')[1].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);

    sealed class Training(nn.Module<Tensor, Tensor> network, int images) : IDisposable
    {
        readonly TorchSharp.Modules.AdamW optimizer = optim.AdamW(network.parameters(), 1e-3);
        readonly Tensor labels = arange(images) % 10;

        public nn.Module<Tensor, Tensor> Network => network;
        public Tensor Images { get; } = rand(images, 1, Side, Side);

        public void Step()
        {
            using var scope = NewDisposeScope();
            network.train();
            optimizer.zero_grad();
            nn.functional.cross_entropy(network.forward(Images), labels).backward();
            optimizer.step();
        }

        /// <summary>Lets norms learn what passes through them.</summary>
        public void Settle()
        {
            using var mode = no_grad();
            network.train();
            for (var pass = 0; pass < 30; pass++)
            {
                using var scope = NewDisposeScope();
                network.forward(Images);
            }
        }

        public long[] Answers()
        {
            using var scope = NewDisposeScope();
            using var mode = inference_mode();
            network.eval();
            return network.forward(Images).argmax(1).data<long>().ToArray();
        }

        public void Infer()
        {
            using var scope = NewDisposeScope();
            using var mode = inference_mode();
            network.eval();
            network.forward(Images);
        }

        public void Dispose()
        {
            optimizer.Dispose();
            labels.Dispose();
            Images.Dispose();
            network.Dispose();
        }
    }
}
