using Harness.Datasets;
using Harness.Datasets.Formats;
using Suites.LlmEdge.Decoding;
using Suites.LlmEdge.Files;
using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Offloading.Direct;
using Suites.LlmEdge.Offloading.Predicting;
using Suites.LlmEdge.Offloading.Streaming;

namespace Suites.LlmEdge.Tests.Offloading;

public sealed unsafe class StreamingTests : IDisposable
{
    static readonly ModelShape Shape = new("llama", 300, 64, 64, 160, 2, 4, 2) { Gating = Gating.Reglu };

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    readonly LanguageModel _model = RandomModel.Of(Shape, Packing.Q80, 1, gates: new(0.2, Rank: 8));

    public StreamingTests() => DirectTests.SkipUnlessSupported(_folder);

    FileInfo File => new(Path.Combine(_folder.FullName, "neurons.gguf"));

    [Fact]
    public void A_neuron_comes_back_with_its_rows_and_its_column()
    {
        using var file = Written(_model, float.MinValue);
        var layout = file.Layout;
        Assert.Equal((68, 68, 204, 4096), (layout.RowBytes, layout.ColumnBytes, layout.Bytes, layout.Stride));
        using var block = new NativeBlock(layout.Stride, DirectFile.Block);
        foreach (var (layer, neuron) in new[] { (0, 0), (1, 159), (0, 77) })
        {
            file.Read(layer, neuron, block.Pointer);
            var read = new ReadOnlySpan<byte>(block.Pointer, layout.Bytes);
            Assert.Equal(_model.Layers[layer].Gate.Row(neuron), read[..68]);
            Assert.Equal(_model.Layers[layer].Up.Row(neuron), read[68..136]);
            var (column, down) = (new float[64], _model.Layers[layer].Down.Unpacked());
            Packing.Q80.Unpack(read[136..], column);
            for (var row = 0; row < 64; row++) Assert.Equal(down[row * 160 + neuron], column[row], 0.01f);
        }
    }

    [Theory]
    [InlineData(Gating.Reglu)]
    [InlineData(Gating.Drelu)]
    public void All_neurons_give_the_sums_of_the_whole_layer(Gating gating)
    {
        using var model = RandomModel.Of(Shape with { Gating = gating }, Packing.F32, 2);
        using var file = Written(model, float.MinValue);
        using var streamed = new Streamed(file, gating, 1 << 20, 0.5, 2);
        var chance = new Chance(3);
        for (var layer = 0; layer < 2; layer++)
        {
            float[] x = [.. Enumerable.Range(0, 64).Select(_ => (float)chance.Normal())];
            var sums = streamed.One(layer, x);
            var weights = model.Layers[layer];
            var (gate, up, down) = (weights.Gate.Unpacked(), weights.Up.Unpacked(), weights.Down.Unpacked());
            for (var row = 0; row < 64; row++)
            {
                var expected = 0.0;
                for (var neuron = 0; neuron < 160; neuron++)
                {
                    var (g, u) = (Math.Max(Dot(gate, neuron, x), 0), Dot(up, neuron, x));
                    expected += g * (gating == Gating.Drelu ? Math.Max(u, 0) : u) * down[row * 160 + neuron];
                }
                Assert.Equal(expected, sums[row], 1e-4);
            }
        }
        Assert.Equal((2, 320), (streamed.Layers.Passes, streamed.Layers.Asked));
    }

    static double Dot(float[] rows, int row, float[] x) => x.Select((value, i) => (double)value * rows[row * x.Length + i]).Sum();

    [Fact]
    public void Memory_and_readers_change_no_bit_of_what_is_computed()
    {
        using var file = Written(_model, 0);
        float[]? whole = null;
        var reads = new List<long>();
        foreach (var (neurons, share, threads) in new[] { (320, 0.5, 1), (1, 0, 1), (40, 0.8, 4), (40, 0, 3), (200, 0.3, 2), (40, 1, 2) })
        {
            using var streamed = new Streamed(file, Gating.Reglu, neurons * file.Stride, share, threads);
            var chance = new Chance(5);
            float[] sums = [.. Enumerable.Range(0, 12).SelectMany(token => streamed.One(token % 2,
                [.. Enumerable.Range(0, 64).Select(_ => (float)chance.Normal())]))];
            whole ??= sums;
            Assert.Equal(whole, sums);
            reads.Add(streamed.Slots.Reads);
            Assert.True(streamed.Layers.Asked > streamed.Layers.Open);
            // A single slot has to be filled for every neuron but one that is asked for twice in a row.
            if (neurons == 1) Assert.Equal(streamed.Layers.Asked, streamed.Slots.Reads);
        }
        Assert.True(reads[0] < reads[2] && reads[0] < reads[3] && reads[4] < reads[1], string.Join(", ", reads));
    }

    [Fact]
    public void Room_for_all_neurons_reads_each_once_at_most()
    {
        using var file = Written(_model, float.MinValue);
        using var all = new Streamed(file, Gating.Reglu, long.MaxValue, 1, 2);
        using var recent = new Streamed(file, Gating.Reglu, long.MaxValue, 0, 2);
        for (var token = 0; token < 6; token++)
            Assert.Equal(all.One(token % 2, new float[64]), recent.One(token % 2, new float[64]));
        Assert.Equal((0, 320), (all.Slots.Reads, recent.Slots.Reads));
        Assert.Equal(320 + 1, all.Slots.Bytes / file.Layout.Stride);
    }

    [Fact]
    public void Gates_of_low_rank_are_foreseen_with_few_neurons_and_the_text_stays()
    {
        using var model = RandomModel.Of(Shape with { Hidden = 512, Context = 128 }, Packing.F32, 7,
            gates: new(0.1, Rank: 8, LowRankShare: 0.98));
        var layers = NeuronOffloading.Write(model, File, new(Rank: 12, Recall: 0.97, Tokens: 512), [], 1, 2,
            TestContext.Current.CancellationToken);
        Assert.All(layers, layer =>
        {
            Assert.InRange(layer.Open, 0.04, 0.2);
            Assert.InRange(layer.Recall, 0.95, 0.995);
            Assert.InRange(layer.Asked, layer.Open * layer.Recall, 1.6 * layer.Open);
        });
        using var streamed = StreamedModel.Open(model, File, new(400_000));
        using var decoder = streamed.NewDecoder(new(1));
        using var whole = new Decoder(model, new(1));
        var (chance, difference, size) = (new Chance(9), 0.0, 0.0);
        for (var token = 0; token < 40; token++)
        {
            var next = chance.Below(300);
            ReadOnlySpan<float> ours = decoder.Append(next), theirs = whole.Append(next);
            for (var i = 0; i < ours.Length; i++)
                (difference, size) = (difference + Math.Pow(ours[i] - theirs[i], 2), size + Math.Pow(theirs[i], 2));
        }
        // 3 % of the open gates, those that are hardly open, are left out.
        Assert.InRange(Math.Sqrt(difference / size), 1e-6, 0.02);
        var use = streamed.Use;
        Assert.Equal((40, 40 * 2 * 512), (use.Tokens, use.Neurons));
        Assert.InRange((double)use.Asked / use.Neurons, 0.04, 0.3);
        Assert.Equal(use.Reads * 4096, use.ReadBytes);
        Assert.InRange(use.Reads, 1, use.Asked - 1);
    }

    [Fact]
    public void Gates_without_structure_are_foreseen_by_asking_for_most()
    {
        using var model = RandomModel.Of(Shape, Packing.F32, 7);
        var layers = NeuronOffloading.Write(model, File, new(Rank: 4, Recall: 0.97), [], 1, 1, TestContext.Current.CancellationToken);
        Assert.All(layers, layer => Assert.InRange(layer.Asked, 0.7, 1));
    }

    // Which neurons open most often is looked at on half of the tokens and counted on the other.
    [Theory]
    [InlineData(0.6, 0.43)]
    [InlineData(1, 0.26)]
    public void Some_of_the_planted_gates_have_four_fifths_of_all_openings(double spread, double some)
    {
        const int Hidden = 1024, Tokens = 256, Layers = 4;
        using var model = RandomModel.Of(Shape with { Width = 256, Hidden = Hidden, Layers = Layers, Context = Tokens }, Packing.F32, 3,
            gates: new(0.1, spread));
        var (chance, opened) = (new Chance(1), new int[2, Layers, Hidden]);
        var gates = model.Layers.Select((layer, index) => (layer.Gate, index, Rows: layer.Gate.Unpacked()))
            .ToDictionary(entry => entry.Gate);
        for (var half = 0; half < 2; half++)
        {
            using var decoder = new Decoder(model, new(1, Batch: 1)) { Watch = Count };
            for (var token = 0; token < Tokens; token++) decoder.Append(chance.Below(300));

            void Count(Matrix matrix, Panel panel)
            {
                if (!gates.TryGetValue(matrix, out var gate)) return;
                for (var neuron = 0; neuron < Hidden; neuron++)
                    if (Vectors.Dot(gate.Rows.AsSpan(neuron * 256, 256), panel.Token(0)) > 0) opened[half, gate.index, neuron]++;
            }
        }
        for (var layer = 0; layer < Layers; layer++)
        {
            int Of(int half, int neuron) => opened[half, layer, neuron];
            var all = Enumerable.Range(0, Hidden).Sum(neuron => Of(1, neuron));
            var most = Enumerable.Range(0, Hidden).OrderByDescending(neuron => Of(0, neuron)).Take((int)(some * Hidden))
                .Sum(neuron => Of(1, neuron));
            Assert.InRange(all / (double)(Tokens * Hidden), 0.08, 0.12);
            Assert.InRange((double)most / all, 0.76, 0.85);
        }
    }

    [Fact]
    public void What_cannot_be_streamed_is_said()
    {
        using var swiglu = RandomModel.Of(Shape with { Gating = Gating.Swiglu }, Packing.Q80, 1);
        Said("With Swiglu gates no neuron is exactly silent", () => NeuronOffloading.Write(swiglu, File, new(), [], 1, 1));
        Said("There is no file", () => StreamedModel.Open(_model, File, new(1 << 20)));
        Written(_model, 0).Dispose();
        Said("have no room for a neuron of 4096 bytes", () => StreamedModel.Open(_model, File, new(10_000)));
        Said("ReadThreads must be between 1 and 64", () => StreamedModel.Open(_model, File, new(1 << 20, ReadThreads: 0)));
        using var other = RandomModel.Of(Shape, Packing.Q80, 2, gates: new(0.2, Rank: 8));
        Said("holds the neurons of another model", () => StreamedModel.Open(other, File, new(1 << 20)));
        var whole = new FileInfo(Path.Combine(_folder.FullName, "model.gguf"));
        GgufWriter.Write(_model, whole);
        Assert.Contains("no neurons", Assert.Throws<DataFormatException>(() => StreamedModel.Open(_model, whole, new(1 << 20))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_was_cut_or_changed_is_one_clear_error()
    {
        Written(_model, 0).Dispose();
        var bytes = System.IO.File.ReadAllBytes(File.FullName);
        var order = bytes.Length - 160 * 4;
        order -= order % 4096 == 0 ? 0 : order % 4096;
        foreach (var (change, problem) in new (Action<byte[]>, string)[]
        {
            (content => Array.Clear(content, order, 640), "does not name every neuron once"),
            (content => content[content.AsSpan().IndexOf("blk.1.ffn_neurons"u8) + 4] = (byte)'7', "it has no tensor 'blk.1.ffn_neurons'"),
        })
        {
            var changed = bytes.ToArray();
            change(changed);
            System.IO.File.WriteAllBytes(File.FullName, changed);
            Assert.Contains(problem, Assert.Throws<DataFormatException>(() => StreamedModel.Open(_model, File, new(1 << 20))).Message,
                StringComparison.Ordinal);
        }
        System.IO.File.WriteAllBytes(File.FullName, bytes[..(bytes.Length / 2)]);
        var error = Assert.Throws<DataFormatException>(() => StreamedModel.Open(_model, File, new(1 << 20)));
        Assert.Contains("outside the file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_ends_while_it_is_read_stops_the_token()
    {
        using var file = Written(_model, float.MinValue);
        using var streamed = new Streamed(file, Gating.Reglu, 10 * file.Stride, 0, 3);
        using (var stream = File.OpenWrite()) stream.SetLength(64 * 4096);
        Assert.Contains("ended early", Assert.Throws<HarnessException>(() => streamed.One(1, new float[64])).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("F32")]
    [InlineData("F16")]
    [InlineData("Q8_0")]
    [InlineData("Q4_0")]
    public void Packed_rows_are_added_as_if_they_were_unpacked(string name)
    {
        var (packing, chance) = (Packing.Of(name), new Chance(4));
        float[] row = [.. Enumerable.Range(0, 96).Select(_ => (float)chance.Normal())], sums = [.. row.Select(value => 2 - value)];
        var packed = new byte[packing.RowBytes(96)];
        packing.Pack(row, packed);
        packing.Unpack(packed, row);
        float[] expected = [.. sums.Zip(row, (sum, value) => sum - 1.7f * value)];
        fixed (byte* at = packed) Columns.AddScaled(packing, sums, -1.7f, at, new float[96]);
        for (var i = 0; i < 96; i++) Assert.Equal(expected[i], sums[i], 1e-5f);
    }

    // Predictors that let neurons pass from this threshold on.
    NeuronFile Written(LanguageModel model, float threshold)
    {
        var chance = new Chance(11);
        NeuronFile.Write(model, [.. model.Layers.Select(_ => new FittedLayer(
            new(4, Normal(4 * 64, chance), Normal(160 * 4, chance), threshold), [.. Enumerable.Range(0, 160).Reverse()],
            new(0, 0, 0)))], File);
        return NeuronFile.Open(model, File);
    }

    static float[] Normal(int count, Chance chance) => [.. Enumerable.Range(0, count).Select(_ => (float)chance.Normal())];

    static void Said(string problem, Action action) =>
        Assert.Contains(problem, Assert.Throws<HarnessException>(action).Message, StringComparison.Ordinal);

    public void Dispose()
    {
        _model.Dispose();
        _folder.Delete(recursive: true);
    }

    sealed class Streamed : IDisposable
    {
        readonly ReadTeam _readers;

        public Streamed(NeuronFile file, Gating gating, long bytes, double share, int threads)
        {
            _readers = new(file, threads);
            Slots = StreamedModel.Slots(file, _readers, bytes, share);
            Layers = new(file, Slots, gating, MatrixKernel.Best);
        }

        public NeuronSlots Slots { get; }
        public StreamedFeedForward Layers { get; }

        public float[] One(int layer, float[] x)
        {
            var sums = new float[x.Length];
            Layers.One(layer, x, sums);
            return sums;
        }

        public void Dispose()
        {
            Layers.Dispose();
            _readers.Dispose();
            Slots.Dispose();
        }
    }
}
