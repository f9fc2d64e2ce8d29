using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using CsCheck;
using Harness.Core.Registry;

namespace Harness.Core.Tests.Registry;

public sealed class ConfigurationTests
{
    const string Default = """
        {"bias":true,"budget":1000,"checkpoint":null,"depth":2,"dropout":null,"encoder":{"rate":true,"steps":4},"name":"toy",
        """ + """
        "neuron":{"kind":"lif","tau":2,"threshold":1},"optimizer":"adam","rate":0.5,"reset":"hard","width":8,"widths":[8,4]}
        """;

    [Fact]
    public void Every_knob_is_described_in_canonical_order() =>
        Assert.Equal(Default, CanonicalJson.Write(Configurations.Describe(Toy.Default)));

    [Fact]
    public void Knobs_not_named_keep_the_value_of_the_prototype()
    {
        var bound = Bind("""{"width":16,"reset":"soft_decay","dropout":0.1,"widths":[1,2,3],"checkpoint":"best"}""");
        Assert.Equal((16, Reset.SoftDecay, 0.1, "best", 2), (bound.Width, bound.Reset, bound.Dropout, bound.Checkpoint, bound.Depth));
        Assert.Equal([1, 2, 3], bound.Widths);
        Assert.Same(Toy.Default.Neuron, bound.Neuron);
    }

    [Fact]
    public void What_is_described_binds_to_the_same_configuration_also_where_a_knob_is_null()
    {
        var described = Configurations.Describe(Toy.Default);
        Assert.Equal(Default, CanonicalJson.Write(Configurations.Describe(Configurations.Bind(Toy.Default with { Width = 32 },
            described))));
        var other = Toy.Default with { Checkpoint = "x", Dropout = 0.5 };
        Assert.Equal(Default, CanonicalJson.Write(Configurations.Describe(Configurations.Bind(other, described))));
    }

    [Fact]
    public void Any_toy_survives_being_described() => Gens.Sample(toy =>
    {
        var described = Configurations.Describe(toy);
        return CanonicalJson.Write(Configurations.Describe(Configurations.Bind(Toy.Default, described))) == CanonicalJson.Write(described);
    });

    [Fact]
    public void A_nested_record_changes_one_knob_or_its_kind_or_is_named_by_its_kind_alone()
    {
        Assert.Equal(new Lif(5, 1), Bind("""{"neuron":{"tau":5}}""").Neuron);
        Assert.Equal(new LeakyIntegrator(3), Bind("""{"neuron":{"kind":"leaky-integrator","order":3}}""").Neuron);
        Assert.Equal(new LeakyIntegrator(), Bind("""{"neuron":"leaky-integrator"}""").Neuron);
        Assert.Equal(new Encoder(9), Bind("""{"encoder":{"steps":9}}""").Encoder);
    }

    [Fact]
    public void Another_kind_starts_from_its_own_defaults()
    {
        var prototype = Toy.Default with { Neuron = new LeakyIntegrator(7) };
        Assert.Equal(new Lif(), ((Toy)Configurations.Bind(prototype, Json("""{"neuron":"lif"}"""))).Neuron);
        Assert.Equal(new LeakyIntegrator(7), ((Toy)Configurations.Bind(prototype, Json("""{"neuron":{"kind":"leaky-integrator"}}""")))
            .Neuron);
    }

    [Theory]
    [InlineData("4.0")]
    [InlineData("4e0")]
    public void A_whole_number_may_be_written_with_a_point(string number) =>
        Assert.Equal(4, Bind($$$"""{"encoder":{"steps":{{{number}}}}}""").Encoder.Steps);

    [Theory]
    [InlineData("""{"widht":16}""", "widht", "Toy has no knob of this name", "width")]
    [InlineData("""{"qqqqqqq":16}""", "qqqqqqq", "Toy has no knob of this name", null)]
    [InlineData("""{"Width":16}""", "Width", "Toy has no knob of this name", "width")]
    [InlineData("""{"neuron":{"tua":5}}""", "neuron.tua", "Lif has no knob of this name", "tau")]
    [InlineData("""{"kind":"toy"}""", "kind", "Toy has no knob of this name", null)]
    [InlineData("""{"neuron":"liff"}""", "neuron", "'liff' is not a kind of i-neuron", "lif")]
    [InlineData("""{"reset":"soft-decay"}""", "reset", "\"soft-decay\" is not a known word", "soft_decay")]
    public void An_unknown_name_is_refused_with_the_nearest_known_one(string json, string key, string message, string? nearest)
    {
        var problem = Problem(json);
        Assert.Equal((key, message, nearest), (problem.Key, problem.Message, problem.Nearest));
    }

    [Theory]
    [InlineData("""{"width":"16"}""", "width", "\"16\" is not a whole number", "whole number")]
    [InlineData("""{"width":2.5}""", "width", "2.5 is not a whole number", "whole number")]
    [InlineData("""{"depth":3000000000}""", "depth", "3000000000 is not a whole number", "whole number")]
    [InlineData("""{"budget":9007199254740994}""", "budget", "9007199254740994 is not a whole number", "whole number")]
    [InlineData("""{"rate":true}""", "rate", "true is not a number", "number")]
    [InlineData("""{"rate":1e999}""", "rate", "1e999 is not a number", "number")]
    [InlineData("""{"bias":1}""", "bias", "1 is not true or false", "true or false")]
    [InlineData("""{"name":5}""", "name", "5 is not a text", "text")]
    [InlineData("""{"widths":5}""", "widths", "5 is not a list", "list of whole number")]
    [InlineData("""{"widths":[1,"2"]}""", "widths[1]", "\"2\" is not a whole number", "whole number")]
    [InlineData("""{"encoder":5}""", "encoder", "is not a map of knobs", "a map of knobs")]
    [InlineData("""{"width":null}""", "width", "has no value", "whole number")]
    [InlineData("""{"name":null}""", "name", "has no value", "text")]
    [InlineData("""{"neuron":null}""", "neuron", "has no value", "i-neuron")]
    [InlineData("[1]", "", "is not a map of knobs", "a map of knobs")]
    public void A_value_of_the_wrong_type_is_refused(string json, string key, string message, string allowed)
    {
        var problem = Problem(json);
        Assert.Equal((key, message, allowed), (problem.Key, problem.Message, problem.Allowed));
    }

    [Theory]
    [InlineData("""{"width":65}""", "width", "1..64")]
    [InlineData("""{"width":0}""", "width", "1..64")]
    [InlineData("""{"rate":0}""", "rate", "above 0..1")]
    [InlineData("""{"neuron":{"tau":0.6}}""", "neuron.tau", "1..100")]
    [InlineData("""{"optimizer":"adamw"}""", "optimizer", "adam, sgd")]
    public void A_value_out_of_range_is_refused_with_the_range(string json, string key, string allowed)
    {
        var problem = Problem(json);
        Assert.Equal((key, allowed), (problem.Key, problem.Allowed));
        Assert.EndsWith("is out of range", problem.Message);
    }

    [Fact]
    public void The_ends_of_a_range_are_in_it_unless_they_are_not()
    {
        Assert.Equal((64, 1.0), (Bind("""{"width":64}""").Width, Bind("""{"rate":1}""").Rate));
        Assert.Equal(1e-300, Bind("""{"rate":1e-300}""").Rate);
    }

    [Fact]
    public void Values_that_do_not_go_together_are_refused_with_their_values()
    {
        var problem = Problem("""{"width":9}""");
        Assert.Equal("width", problem.Key);
        Assert.Equal("width = 9, depth = 2 is an impossible combination", problem.Message);
        Assert.Equal("width is a multiple of depth", problem.Allowed);
    }

    [Fact]
    public void All_problems_come_at_once()
    {
        var error = Assert.Throws<ConfigurationException>(() =>
            Bind("""{"width":99,"widht":1,"neuron":{"tau":"x"},"widths":[1.5,true]}"""));
        Assert.Equal(["neuron.tau", "widht", "width", "widths[0]", "widths[1]"], error.Problems.Select(problem => problem.Key).Order());
        Assert.All(error.Problems, problem => Assert.Contains(problem.ToString(), error.Message));
        Assert.StartsWith("The configuration of toy is not valid: ", error.Message);
    }

    [Fact]
    public void A_key_given_twice_is_refused() => Assert.Equal("is given twice", Problem("""{"width":16,"width":32}""").Message);

    [Fact]
    public void What_the_constructor_refuses_is_a_problem_and_no_crash()
    {
        var error = Assert.Throws<ConfigurationException>(() => Configurations.Bind(new Picky(2), Json("""{"even":3}""")));
        Assert.Contains("even numbers only", Assert.Single(error.Problems).Message);
    }

    [Fact]
    public void A_needed_knob_of_a_new_nested_record_is_missed_by_name()
    {
        var error = Assert.Throws<ConfigurationException>(() => Configurations.Bind(new Holder(null), Json("""{"part":{}}""")));
        Assert.Equal(("part.size", "is missing", "1..9"), Fields(Assert.Single(error.Problems)));
        Assert.Equal(new Part(4), ((Holder)Configurations.Bind(new Holder(null), Json("""{"part":{"size":4}}"""))).Part);
    }

    [Fact]
    public void Parameters_are_listed_in_constructor_order_with_type_default_and_range()
    {
        var parameters = Configurations.Parameters(Toy.Default);
        Assert.Equal(["neuron", "encoder", "widths", "width", "depth", "budget", "rate", "bias", "name", "reset", "optimizer", "dropout",
            "checkpoint"],
            parameters.Select(parameter => parameter.Name));
        Assert.Equal(["i-neuron", "encoder", "list of whole number", "whole number", "whole number", "whole number", "number",
            "true or false",
            "text", "word", "text", "number", "text"], parameters.Select(parameter => parameter.Type));
        Assert.Equal(["leaky-integrator, lif", "encoder", null, "1..64", null, null, "above 0..1", null, null, "hard, soft_decay",
            "adam, sgd", null, null],
            parameters.Select(parameter => parameter.Allowed));
        Assert.Equal("[8,4]", parameters[2].Default.GetRawText());
        Assert.Empty(Configurations.Parameters(new Plain()));
    }

    [Fact]
    public void A_knob_of_a_type_that_no_plan_can_write_is_an_error_of_the_family()
    {
        Assert.Contains("Time has type TimeSpan", Assert.Throws<HarnessException>(() => Configurations.Describe(new Odd(TimeSpan.Zero)))
            .Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("finite numbers", Assert.Throws<HarnessException>(() => Configurations.Describe(new Lif(double.NaN))).Message);
        Assert.Contains("2^53",
            Assert.Throws<HarnessException>(() => Configurations.Describe(Toy.Default with { Budget = (1L << 53) + 1 })).Message);
    }

    [Fact]
    public void A_class_without_a_constructor_of_its_properties_cannot_be_configured() =>
        Assert.Contains("sealed record with a primary constructor",
            Assert.Throws<HarnessException>(() => Configurations.Describe(new Closed(1))).Message);

    sealed record Picky(int Even)
    {
        public int Even { get; } = Even % 2 == 0 ? Even : throw new ArgumentException("even numbers only", nameof(Even));
    }

    sealed record Part([property: Range(1, 9)] int Size);
    sealed record Holder(Part? Part);
    sealed record Odd(TimeSpan Time);

    sealed class Closed(int seed)
    {
        public override string ToString() => $"{seed}";
    }

    static Gen<Toy> Gens => Gen.Select(Gen.Int[1, 32], Gen.Int[-5, 5]
        .Array[0, 4], Gen.Double[0.001, 1], Gen.Bool, Gen.Int[0, 3], Gen.Long[0, 1L << 53])
        .Select((half, widths, rate, bias, kind, budget) => Toy.Default with
        {
            Width = 2 * half, Widths = widths, Rate = rate, Bias = bias, Budget = budget, Reset = (Reset)(kind % 2),
            Neuron = kind > 1 ? new Lif(1 + rate * 99, -rate) : new LeakyIntegrator(kind), Dropout = bias ? rate : null,
            Checkpoint = bias ? null : "ü \"x\"",
        });

    static Toy Bind(string json) => (Toy)Configurations.Bind(Toy.Default, Json(json));

    static ConfigurationProblem Problem(string json) => Assert.Single(Assert.Throws<ConfigurationException>(() => Bind(json)).Problems);

    static (string, string, string) Fields(ConfigurationProblem problem) => (problem.Key, problem.Message, problem.Allowed);

    static JsonElement Json(string text) => JsonSerializer.Deserialize<JsonElement>(text);
}
