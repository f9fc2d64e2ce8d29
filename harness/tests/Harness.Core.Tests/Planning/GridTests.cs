using Harness.Core.Planning;

namespace Harness.Core.Tests.Planning;

public sealed class GridTests
{
    [Fact]
    public void A_list_is_a_grid_and_grids_multiply_with_the_first_knob_slowest() =>
        Assert.Equal([(8, "sgd"), (8, "adam"), (16, "sgd"), (16, "adam")],
            PlanText.Configured("{ width: [8, 16], optimizer: [sgd, adam] }").Select(toy => (toy.Width, toy.Optimizer)));

    [Theory]
    [InlineData("2..8+2", new[] { 2, 4, 6, 8 })]
    [InlineData("2..9+2", new[] { 2, 4, 6, 8 })]
    [InlineData("8..64*2", new[] { 8, 16, 32, 64 })]
    [InlineData("8..63*2", new[] { 8, 16, 32 })]
    [InlineData("[2, 4..8+2, 64]", new[] { 2, 4, 6, 8, 64 })]
    public void A_range_is_a_grid(string width, int[] expected) =>
        Assert.Equal(expected, PlanText.Configured($"{{ width: {width} }}").Select(toy => toy.Width));

    [Fact]
    public void A_range_of_decimals_has_clean_numbers()
    {
        Assert.Equal([0.1, 0.2, 0.3, 0.4, 0.5], PlanText.Configured("{ rate: 0.1..0.5+0.1 }").Select(toy => toy.Rate));
        Assert.Equal([0.001, 0.01, 0.1, 1], PlanText.Configured("{ rate: 0.001..1*10 }").Select(toy => toy.Rate));
        Assert.Equal([-2, -1, 0, 1], PlanText.Configured("{ budget: -2..1 }").Select(toy => (int)toy.Budget));
    }

    [Fact]
    public void A_list_knob_is_one_value_and_a_list_of_lists_its_grid()
    {
        Assert.Equal([1, 2], Assert.Single(PlanText.Configured("{ widths: [1, 2] }")).Widths);
        Assert.Equal(["1,2", "3", ""], PlanText.Configured("{ widths: [[1, 2], [3], []] }").Select(toy => string.Join(',', toy.Widths)));
        Assert.Empty(Assert.Single(PlanText.Configured("{ widths: [] }")).Widths);
    }

    [Fact]
    public void Knobs_of_a_nested_record_are_grids_too() =>
        Assert.Equal([new Lif(3), new Lif(4), new LeakyIntegrator(1), new LeakyIntegrator(2)],
        PlanText.Configured("{ neuron: [{ kind: lif, tau: [3, 4] }, { kind: leaky-integrator, order: 1..2 }] }").Select(toy => toy.Neuron));

    [Fact]
    public void The_kind_of_the_listed_family_need_not_be_repeated() =>
        Assert.Equal([new Lif(3), new Lif(4)], PlanText.Configured("{ neuron: { tau: [3, 4] } }").Select(toy => toy.Neuron));

    [Fact]
    public void Nor_need_the_kind_of_a_record_in_a_record()
    {
        var benchmark = Toys.Parity() with { Families = [new Deep(new Shell(new LeakyIntegrator()))] };
        var plan = PlanText.Read("""
            name: deep
            trials:
              - suite: s
                dataset: evens
                family: { id: deep, with: { shell: { neuron: { order: 1..3 } } } }
            """, new([new("s", "S", [benchmark])]));
        Assert.Equal([1, 2, 3], plan.Blocks[0].Families[0].Configurations.Select(configuration =>
            configuration.GetProperty("shell").GetProperty("neuron").GetProperty("order").GetInt32()));
    }

    [Fact]
    public void A_kind_alone_names_a_nested_record_and_kinds_are_a_grid() =>
        Assert.Equal([new Lif(), new LeakyIntegrator()], PlanText.Configured("{ neuron: [lif, leaky-integrator] }")
            .Select(toy => toy.Neuron));

    [Fact]
    public void A_sealed_nested_record_needs_no_kind() =>
        Assert.Equal([new Encoder(1), new Encoder(2)], PlanText.Configured("{ encoder: { steps: 1..2 } }").Select(toy => toy.Encoder));

    [Fact]
    public void Words_truths_and_null_are_values()
    {
        Assert.Equal([Reset.Hard, Reset.SoftDecay], PlanText.Configured("{ reset: [hard, soft_decay] }").Select(toy => toy.Reset));
        Assert.Equal([true, false], PlanText.Configured("{ bias: [true, false] }").Select(toy => toy.Bias));
        Assert.Equal([null, 0.5], PlanText.Configured("{ dropout: [null, 0.5] }").Select(toy => toy.Dropout));
        Assert.Equal([null, "best"], PlanText.Configured("{ checkpoint: [~, best] }").Select(toy => toy.Checkpoint));
    }

    [Fact]
    public void A_quoted_text_is_a_text_and_a_plain_number_is_none()
    {
        Assert.Equal("5", Assert.Single(PlanText.Configured("""{ name: "5" }""")).Name);
        Assert.Equal("1..3", Assert.Single(PlanText.Configured("{ name: 1..3 }")).Name);
        Assert.Equal("name: 5 is not a text", Assert.Single(PlanText.Problems(PlanText.WithKnobs("{ name: 5 }"))).Message);
        Assert.Equal("""width: "8" is not a whole number""", Assert.Single(PlanText.Problems(PlanText.WithKnobs("""{ width: "8" }""")))
            .Message);
    }

    // `at` is what stands where the problem is said to be.
    [Theory]
    [InlineData("{ width: [8, 99, 16] }", "99", "width: 99 is out of range", "1..64")]
    [InlineData("{ width: [8, 99], depth: [1, 2] }", "99", "width: 99 is out of range", "1..64")]
    [InlineData("{ neuron: { kind: lif, tau: 0 } }", "0", "neuron.tau: 0 is out of range", "1..100")]
    [InlineData("{ neuron: { kind: lfi } }", "{ kind: lfi ", "neuron: 'lfi' is not a kind of i-neuron", "leaky-integrator, lif")]
    [InlineData("{ neuron: { kind: [lif, lif] } }", "{ kind: [lif, lif] ", "neuron: '[\"lif\",\"lif\"]' is not a kind of i-neuron",
        "leaky-integrator, lif")]
    [InlineData("{ width: [] }", "[]", "width is an empty grid", "at least one value")]
    [InlineData("{ width: 8..4 }", "8..4", "'8..4' runs backwards", "first..last, first..last+step or first..last*factor")]
    [InlineData("{ width: 0..4*2 }", "0..4*2", "'0..4*2' never reaches its end", "first..last, first..last+step or first..last*factor")]
    [InlineData("{ width: 1..64*1 }", "1..64*1", "'1..64*1' never reaches its end", "first..last, first..last+step or first..last*factor")]
    [InlineData("{ budget: 1..20000 }", "1..20000", "'1..20000' has more than 10000 numbers",
        "first..last, first..last+step or first..last*factor")]
    [InlineData("{ budget: 1..200, depth: 1..51 }", "1..51", "the grid has more than 10000 configurations", "at most 10000")]
    [InlineData("{ width: 9 }", "9", "width: width = 9, depth = 2 is an impossible combination", "width is a multiple of depth")]
    [InlineData("{ widths: [1, x] }", "[1, x]", "widths[1]: \"x\" is not a whole number", "whole number")]
    [InlineData("{ widht: [8, 16, 32] }", "widht:", "widht: Toy has no knob of this name", null)]
    [InlineData("{ name: [[a, b], c] }", "[a, b]", "name: [\"a\",\"b\"] is not a text", "text")]
    public void A_mistake_in_a_grid_is_told_once_and_where_it_stands(string knobs, string at, string message, string? allowed)
    {
        var problem = Assert.Single(PlanText.Problems(PlanText.WithKnobs(knobs)));
        Assert.Equal((7, message), (problem.At.Line, problem.Message));
        Assert.StartsWith(at, knobs[(problem.At.Column - PlanText.ColumnOfKnobs)..]);
        if (allowed is not null) Assert.Equal(allowed, problem.Allowed);
    }

    [Fact]
    public void A_configuration_given_twice_in_a_grid_is_refused() =>
        Assert.Equal("toy is given twice with the same configuration",
            Assert.Single(PlanText.Problems(PlanText.WithKnobs("{ width: [16, 16] }"))).Message);

    [Fact]
    public void A_grid_of_the_default_is_the_default() =>
        Assert.Equal("toy is given twice with the same configuration", Assert.Single(PlanText.Problems("""
            name: x
            trials:
              - suite: toys
                dataset: evens
                families: [toy, { id: toy, with: { width: 8 } }]
            """)).Message);
}
