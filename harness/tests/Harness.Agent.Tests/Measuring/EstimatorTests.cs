using Harness.Agent.Measuring.Energy;

namespace Harness.Agent.Tests.Measuring;

public sealed class EstimatorTests
{
    // Published totals, mJ: Spikingformer-8-512 and Spikformer-4-384 (their papers), SEW-ResNet18 and ResNet18 (Spikingformer's table).
    [Theory]
    [InlineData(0.347e9, 6.518e9, 7.46, 0.01)]
    [InlineData(0.0053e9, 0.2459e9, 0.2457, 0.0001)]
    [InlineData(2.75e9, 0.50e9, 13.10, 0.01)]
    [InlineData(1.82e9, 0, 8.372, 0.0005)]
    public void The_formula_of_the_spiking_papers_gives_their_published_numbers(double macs, double acs, double millijoules, double within)
    {
        var estimate = new SpikformerFormula().Estimate(Of(new LayerOperations("first", "conv", macs, 0, macs),
            new("rest", "conv", 0, acs, acs)));
        Assert.Equal(millijoules, estimate.Mid!.Value * 1e3, within);
        Assert.True(estimate.Low < estimate.Mid && estimate.Mid < estimate.High);
    }

    [Fact]
    public void The_two_coefficients_break_even_at_5_11_spikes_per_synapse()
    {
        Assert.Equal(5.11, StepReconstruction.BreakEvenAgainstFloat, 2);
        Assert.Equal(4, StepReconstruction.BreakEvenAgainstBitSerial(8, 0.5));
        Assert.Equal(2, StepReconstruction.BreakEvenAgainstBitSerial(4, 0.5));
        var formula = new SpikformerFormula();
        double Spiking(double spikes) => formula.Estimate(Of(new LayerOperations("l", "linear", 0, 1000 * spikes, 4000))).Mid!.Value;
        var dense = formula.Estimate(Of(new LayerOperations("l", "linear", 1000, 0, 1000))).Mid!.Value;
        Assert.True(Spiking(5.11) < dense && Spiking(5.12) > dense);
    }

    [Fact]
    public void Syops_leaves_attention_products_out_and_the_formula_counts_them()
    {
        var counts = Of(new LayerOperations("qkv", "linear", 0, 100, 200), new("qk", "attention", 0, 50, 100));
        Assert.Equal(0.9 * 150e-12, new SpikformerFormula().Estimate(counts).Mid!.Value, 1e-20);
        Assert.Equal(0.9 * 100e-12, new SyopsCounter().Estimate(counts).Mid!.Value, 1e-20);
    }

    [Fact]
    public void The_reconstruction_of_step_adds_two_state_transfers_of_32_bits_per_update()
    {
        var neurons = new LayerOperations("l.lif", "lif", 0, 0, 0) { NeuronUpdates = 1000, Spikes = 10, TimeSteps = 4 };
        var estimate = new StepReconstruction().Estimate(Of(neurons));
        Assert.Equal(2 * 32 * 1000 * 3.12e-12, estimate.Mid!.Value, 1e-18);
        // A network without spiking neurons writes its 6 outputs in 32 bits instead.
        var dense = new LayerOperations("fc", "linear", 12, 0, 12) { Shape = new(2, 1, 6, 1), WeightBytes = 48 };
        Assert.Equal((12 * 4.6 + 32 * 6 * 3.12) * 1e-12, new StepReconstruction().Estimate(Of(dense)).Mid!.Value, 1e-18);
    }

    // 8 bits of which half are set are 4 accumulates a product, 4 bits 2: the break-even rates as joules.
    [Theory]
    [InlineData(8, 0.5, 4.0)]
    [InlineData(4, 0.5, 2.0)]
    [InlineData(8, 0.25, 2.0)]
    public void A_bit_serial_layer_costs_an_accumulate_for_every_set_bit(int bits, double set, double spikes)
    {
        LayerOperations Of(int? width) => new("fc", "linear", 1000, 0, 1000) { Bits = width, SetBits = width is null ? null : set };
        var quantized = new StepReconstruction().Estimate(EstimatorTests.Of(Of(bits))).Mid!.Value;
        Assert.Equal(1000 * bits * set * 0.9e-12, quantized, 1e-18);
        Assert.Equal(StepReconstruction.BreakEvenAgainstBitSerial(bits, set), spikes);
        double Spiking(double rate) => new StepReconstruction().Estimate(EstimatorTests.Of(
            new LayerOperations("fc", "linear", 0, 1000 * rate, 4000))).Mid!.Value;
        Assert.True(Spiking(spikes - 0.01) < quantized && Spiking(spikes + 0.01) > quantized);
        var outputs = new LayerOperations("fc", "linear", 12, 0, 12)
        {
            Shape = new(2, 1, 6, 1), WeightBytes = 12, Bits = bits, SetBits = set,
        };
        Assert.Equal((12 * bits * set * 0.9 + bits * 6 * 3.12) * 1e-12, new StepReconstruction().Estimate(EstimatorTests.Of(outputs))
            .Mid!.Value, 1e-18);
    }

    [Fact]
    public void A_layer_counted_without_its_shape_gives_no_number_but_says_which_layer()
    {
        var estimate = new Lemaire2022("paper", new()).Estimate(Of(new LayerOperations("head", "linear", 5, 0, 5) { WeightBytes = 20 }));
        Assert.Null(estimate.Mid);
        Assert.Contains("head", estimate.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_constant_is_refused_with_the_known_ones()
    {
        var error = Assert.Throws<HarnessException>(() => new SpikformerFormula().Estimate(Of(), new Dictionary<string,
            double> { ["mca"] = 1 }));
        Assert.Contains("mac, ac", error.Message, StringComparison.Ordinal);
    }

    // 3x3 convolution, 2 to 4 channels on 5x5 pixels, stride 1: 4·25·9·2 = 1800 products, by hand from the table of Lemaire et al.
    [Fact]
    public void Lemaires_table_of_a_dense_convolution_is_exact()
    {
        var layer = new LayerOperations("c", "conv", 1800, 0, 1800) { Shape = new(2, 25, 4, 25, 9, Bias: true), WeightBytes = 288 };
        Assert.Equal(new(1800, 1900, 0, 100, 1800, 100, 0, 50 + 100 + 36), LemaireCounts.Of(layer, null, new()));
    }

    // 20 input spikes over 3 steps: each reaches ceil(3/1)² · 4 = 36 outputs; every step updates 100 potentials.
    [Fact]
    public void Lemaires_table_of_a_spiking_convolution_is_exact_and_its_variants_differ_in_the_address_cell_only()
    {
        var dense = 3 * 1800.0;
        var layer = new LayerOperations("c", "conv", 0, dense * 20 / (3 * 50), dense)
        { Shape = new(2, 25, 4, 25, 9), TimeSteps = 3, WeightBytes = 288 };
        var neurons = new LayerOperations("c.lif", "lif", 0, 0, 0) { NeuronUpdates = 300, Spikes = 7, TimeSteps = 3 };
        var paper = new LemaireCounts(20, 20 * 36, 20 * 36 + 300, 7, 300, 20 * 36 + 300 + 7, 40, 20 * 36);
        AssertClose(paper, LemaireCounts.Of(layer, neurons, new()));
        AssertClose(paper, LemaireCounts.Of(layer, neurons, LemaireOptions.SpikingJelly));
        AssertClose(paper with { AddressAccumulates = 20 * 9 }, LemaireCounts.Of(layer, neurons, LemaireOptions.Qualia));
    }

    [Fact]
    public void Lemaires_variants_of_a_dense_linear_layer_differ_in_the_address_cell_only()
    {
        var layer = new LayerOperations("fc", "linear", 60, 0, 60) { Shape = new(10, 1, 6, 1, Bias: true), WeightBytes = 240 };
        var paper = new LemaireCounts(10, 66, 0, 6, 60, 6, 0, 60);
        Assert.Equal(paper, LemaireCounts.Of(layer, null, new()));
        Assert.Equal(paper with { AddressAccumulates = 16 }, LemaireCounts.Of(layer, null, LemaireOptions.SpikingJelly));
        Assert.Equal(paper, LemaireCounts.Of(layer, null, LemaireOptions.Qualia));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(8192, 2.5)]
    [InlineData(20480, 3.75)]
    [InlineData(32768, 5)]
    [InlineData(1048576, 25)]
    public void The_access_curve_goes_through_the_three_caches(double bytes, double picojoules) =>
        Assert.Equal(picojoules, Lemaire2022.Piecewise(bytes), 1e-12);

    [Theory]
    [InlineData(3, 2)]
    [InlineData(4, 3)]
    [InlineData(7, 3)]
    [InlineData(8, 4)]
    public void A_spiking_network_of_so_many_steps_is_matched_to_so_many_bits(int steps, int bits) =>
        Assert.Equal(bits, Yan2024.EquivalentBits(steps));

    [Fact]
    public void The_neuromorphic_memory_reads_weights_for_spikes_and_the_simple_one_reads_them_all()
    {
        var counts = Of(new LayerOperations("fc", "linear", 0, 30, 600) { Shape = new(10, 1, 6, 1), WeightBytes = 240, TimeSteps = 10 },
            new LayerOperations("fc.lif", "lif", 0, 0, 0) { NeuronUpdates = 60, Spikes = 4, TimeSteps = 10 });
        Assert.Equal((0.9 * 30 + 24.96 * 4 * (30 + 120)) * 1e-12, new SpikingJellyNeuromorphic().Estimate(counts).Mid!.Value, 1e-18);
        Assert.Equal((0.9 * 30 + 24.96 * 10 * (4 * 16 + 240)) * 1e-12, new SpikingJellySimple().Estimate(counts).Mid!.Value, 1e-18);
    }

    [Fact]
    public void The_bit_budget_is_not_stated_in_joules()
    {
        var counts = Of(new LayerOperations("fc", "linear", 0, 30, 600) { TimeSteps = 10 });
        Assert.Equal((600 * 32, 30 * 32), (new BitBudget(false).Estimate(counts).Mid, new BitBudget(true).Estimate(counts).Mid));
        Assert.DoesNotContain("J", new BitBudget(false).Card.Unit, StringComparison.Ordinal);
    }

    [Fact]
    public void A_profile_that_knows_no_energy_says_so_instead_of_zero()
    {
        var model = new ProfileModel(new("board", 1, "A board", "neuromorphic", "7 nm", [], new Dictionary<string, double>(),
            ["Nobody has measured it."]));
        var estimate = model.Estimate(Of(new LayerOperations("l.lif", "lif", 0, 0, 0) { NeuronUpdates = 5 }));
        Assert.Equal((null, "A board: Nobody has measured it."), (estimate.Mid, estimate.Reason));
    }

    [Fact]
    public void A_board_counts_operations_updates_and_messages_at_its_own_prices()
    {
        EnergyConstant[] constants = [new("synop", 20, 23.6, 25, "pJ", "s"), new("update", 52, 81, 81, "pJ", "s"),
            new("spike", 1.7, 8.7, 29.7, "pJ", "s")];
        var model = new ProfileModel(new("loihi", 1, "Loihi", "neuromorphic", "14 nm", constants, new Dictionary<string, double>(), []));
        var counts = Of(new LayerOperations("fc", "linear", 3, 30, 600), new LayerOperations("fc.lif", "lif", 0, 0, 0)
        { NeuronUpdates = 60, Spikes = 4 });
        Assert.Equal((33 * 23.6 + 60 * 81 + 4 * 8.7) * 1e-12, model.Estimate(counts).Mid!.Value, 1e-18);
        Assert.Contains("no spiking neurons", model.Estimate(Of(new LayerOperations("fc", "linear", 3, 0, 3))).Reason,
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_host_of_a_board_computed_is_no_part_of_the_board()
    {
        EnergyConstant[] constants = [new("synop", 20, 23.6, 25, "pJ", "s"), new("update", 52, 81, 81, "pJ", "s"),
            new("spike", 1.7, 8.7, 29.7, "pJ", "s")];
        var model = new ProfileModel(new("loihi", 1, "Loihi", "neuromorphic", "14 nm", constants, new Dictionary<string, double>(), []));
        LayerOperations cells = new("cells", "lif", 3, 30, 600) { NeuronUpdates = 60, Spikes = 4 };
        var both = Of(cells, new LayerOperations("readout", "linear", 1280, 4, 1280) { Site = LayerOperations.Host });

        Assert.Equal(model.Estimate(Of(cells)), model.Estimate(both));
        Assert.Equal((4.6 * 1280 + 0.9 * 4) * 1e-12, new SpikformerFormula().Estimate(both.At(LayerOperations.Host)).Mid!.Value, 1e-18);
        Assert.Null(model.Estimate(both.At(LayerOperations.Host)).Mid);
    }

    [Fact]
    public void Every_estimator_names_its_source_scope_and_ordered_constants()
    {
        Assert.Equal(Estimators.All.Count, Estimators.All.DistinctBy(model => model.Card.Id).Count());
        Assert.All(Estimators.All, model =>
        {
            Assert.NotEmpty(model.Basis.Citation);
            Assert.NotEmpty(model.Basis.Scope);
            Assert.StartsWith("Estimate, not a measurement", model.Card.Definition, StringComparison.Ordinal);
            Assert.All(model.Basis.Constants, constant => Assert.True(constant.Low > 0 && constant.Low <= constant.Mid
                && constant.Mid <= constant.High && constant.Source.Length > 0, $"{model.Card.Id} {constant.Name}"));
        });
    }

    [Fact]
    public void Every_constant_of_every_estimator_changes_its_estimate()
    {
        var counts = Of(new LayerOperations("c", "conv", 5400, 0, 5400) { Shape = new(2, 25, 4, 25, 9), WeightBytes = 288 },
            new LayerOperations("c.lif", "lif", 0, 0, 0) { NeuronUpdates = 300, Spikes = 70, TimeSteps = 3 },
            new LayerOperations("fc", "linear", 0, 90, 600) { Shape = new(10, 1, 6, 1), WeightBytes = 240, TimeSteps = 10 },
            new LayerOperations("fc.lif", "lif", 0, 0, 0) { NeuronUpdates = 60, Spikes = 4, TimeSteps = 10 });
        Assert.All(Estimators.All, model => Assert.All(model.Basis.Constants, constant => Assert.True(
            model.Estimate(counts, new Dictionary<string, double> { [constant.Name] = 3 * constant.Mid }).Mid > model.Estimate(counts).Mid,
            $"{model.Card.Id} {constant.Name}")));
    }

    static OperationCounts Of(params LayerOperations[] layers) => new(layers, 1);

    static void AssertClose(LemaireCounts expected, LemaireCounts actual)
    {
        double[] Values(LemaireCounts counts) => [counts.ReadInput, counts.ReadWeights, counts.Potentials, counts.WriteOutput, counts.Macs,
            counts.Accumulates, counts.AddressMacs, counts.AddressAccumulates];
        foreach (var (one, other) in Values(expected).Zip(Values(actual))) Assert.Equal(one, other, 1e-9);
    }
}
