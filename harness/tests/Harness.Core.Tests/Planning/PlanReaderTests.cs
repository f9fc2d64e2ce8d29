using Harness.Core.Planning;

namespace Harness.Core.Tests.Planning;

public sealed class PlanReaderTests
{
    const string Small = """
        name: small
        trials:
          - suite: toys
            dataset: evens
            family: plain
        """;

    [Fact]
    public void A_small_plan_has_sensible_defaults()
    {
        var plan = PlanText.Read(Small);
        Assert.Equal(("small", "manual", 1, null), (plan.Name, plan.Purpose, plan.Threads, plan.Limit));
        Assert.Empty(plan.DeviceClasses);
        Assert.Equal([1], plan.Seeds);
        Assert.Equal(new PlanLimits(null, null), plan.Limits);
        var block = Assert.Single(plan.Blocks);
        Assert.Equal("toys/parity", block.Benchmark.Path);
        Assert.Equal("{}", Assert.Single(Assert.Single(block.Families).Configurations).GetRawText());
    }

    [Fact]
    public void A_full_plan_is_read_whole()
    {
        var plan = PlanText.Read("""
            name: "full"
            purpose: nightly
            seeds: [0, 3..5, 10..14+2]
            threads: 2
            limits: { time: 25m, memory: 6GB }
            limit: 1000
            device: cpu
            trials:
              - suite: pairs
                benchmark: right
                datasets: [numbers, evens@2]
                families:
                  - plain@3
                  - id: toy
                    with: { width: [8, 16] }
            """, deviceClasses: ["cpu", "phone"]);
        Assert.Equal(("full", "nightly", 2, 1000), (plan.Name, plan.Purpose, plan.Threads, plan.Limit));
        Assert.Equal(["cpu"], plan.DeviceClasses);
        Assert.Equal([0, 3, 4, 5, 10, 12, 14], plan.Seeds);
        Assert.Equal(new PlanLimits(TimeSpan.FromMinutes(25), 6_000_000_000), plan.Limits);
        Assert.Equal(["numbers@1", "evens@2"], plan.Blocks[0].Datasets.Select(dataset => dataset.Card.Protocol));
        Assert.Equal(["plain", "toy"], plan.Blocks[0].Families.Select(family => family.Family.Card.Id));
        Assert.Equal([1, 2], plan.Blocks[0].Families.Select(family => family.Configurations.Count));
    }

    [Fact]
    public void All_problems_come_at_once_with_place_value_what_is_allowed_and_the_nearest_name()
    {
        var error = Assert.Throws<PlanException>(() => PlanText.Read("""
            nmae: x
            seeds: [1, 2, 1]
            threads: 0
            limits: { time: soon }
            trials:
              - suite: toy
                dataset: evens
                family: plain
              - suite: toys
                datasets: [evens, evnes]
                families:
                  - id: toy
                    with:
                      widht: 8
                      rate: 2
                      neuron: { kind: lif, tua: 3 }
            """));
        Assert.Equal("""
            plan.yaml:1:1: the plan has no 'name'; allowed: 'name:' with a value
            plan.yaml:1:1: the plan has no key 'nmae'; allowed: {KEYS} (did you mean 'name'?)
            plan.yaml:2:15: seed 1 is given twice; allowed: each seed once
            plan.yaml:3:10: threads '0' is out of range; allowed: a whole number from 1 on
            plan.yaml:4:17: time 'soon' is not an amount; allowed: a number and a unit s, m or h, e.g. 25m
            plan.yaml:6:12: no suite 'toy' in the catalogue; allowed: toys, pairs (did you mean 'toys'?)
            plan.yaml:10:23: no dataset 'evnes' in benchmark toys/parity; allowed: numbers, evens (did you mean 'evens'?)
            plan.yaml:14:11: widht: Toy has no knob of this name; allowed: {KNOBS} (did you mean 'width'?)
            plan.yaml:15:17: rate: 2 is out of range; allowed: above 0..1
            plan.yaml:16:32: neuron.tua: Lif has no knob of this name; allowed: tau, threshold (did you mean 'tau'?)
            """.Replace("{KEYS}", "name, purpose, seeds, threads, limits, limit, device, trials")
            .Replace("{KNOBS}", string.Join(", ", Toys.Catalogue.Family("toy").Parameters.Select(parameter => parameter.Name))),
            string.Join('\n', error.Problems.OrderBy(problem => problem.At.Line).ThenBy(problem => problem.At.Column)
                .ThenBy(problem => problem.Message, StringComparer.Ordinal)));
        Assert.StartsWith("The plan has 10 problems:\nplan.yaml:1:1: ", error.Message);
        Assert.Equal("soon", error.Problems.Single(problem => problem.At.Line == 4).Value);
    }

    [Theory]
    [InlineData("[1, 2]", "the plan is not a map")]
    [InlineData("name: x\ntrials: []", "trials is empty")]
    [InlineData("name: [x]\ntrials: []", "name is not a text")]
    [InlineData("name: ~\ntrials: []", "name is not a text")]
    [InlineData("trials:\n  - toys", "a trial is not a map")]
    [InlineData("trials:\n  - suite: toys\n    family: plain", "a trial has no 'datasets'")]
    [InlineData("trials:\n  - suite: toys\n    dataset: evens", "a trial has no 'families'")]
    [InlineData("trials:\n  - dataset: evens\n    family: plain", "a trial has no 'suite'")]
    [InlineData("trials:\n  - suite: pairs\n    dataset: evens\n    family: plain", "a trial of suite 'pairs' names no benchmark")]
    [InlineData("trials:\n  - suite: pairs\n    benchmark: rihgt\n    dataset: evens\n    family: plain",
        "no benchmark 'rihgt' in suite pairs")]
    [InlineData("trials:\n  - suite: toys\n    dataset: evens\n    datasets: [evens]\n    family: plain",
        "a trial has both 'dataset' and 'datasets'")]
    [InlineData("trials:\n  - suite: toys\n    datasets: [evens, evens@2]\n    family: plain", "dataset 'evens@2' is given twice")]
    [InlineData("trials:\n  - suite: toys\n    dataset: evens\n    families: [plain, plain]",
        "plain is given twice with the same configuration")]
    [InlineData("trials:\n  - suite: toys\n    dataset: evens\n    family: { with: { width: 8 } }", "a family has no 'id'")]
    [InlineData("trials:\n  - suite: toys\n    dataset: evens\n    family: { id: toy, wiht: {} }", "a family has no key 'wiht'")]
    [InlineData("trials:\n  - suite: toys\n    dataset: evens\n    family: { id: toy, with: 8 }", "'with' is not a map of knobs")]
    [InlineData("trials:\n  - suite: toys\n    dataset: evens\n    family: { id: plain, with: { width: 8 } }",
        "width: Plain has no knob of this name")]
    [InlineData("purpose: nihgtly", "purpose 'nihgtly' is unknown")]
    [InlineData("device: gpu", "device 'gpu' is unknown")]
    [InlineData("limit: 0", "limit '0' is out of range")]
    [InlineData("limit: \"10\"", "limit '10' is out of range")]
    [InlineData("threads: 1.5", "threads '1.5' is out of range")]
    [InlineData("threads: [1]", "threads is out of range")]
    [InlineData("seeds: -1", "seed '-1' is out of range")]
    [InlineData("seeds: []", "seeds is empty")]
    [InlineData("seeds: one", "seed 'one' is out of range")]
    [InlineData("seeds: 5..1", "'5..1' runs backwards")]
    [InlineData("seeds: 0.5..3", "'0.5..3' is not a range of seeds")]
    [InlineData("seeds: 1..x", "'1..x' is not a range of seeds")]
    [InlineData("seeds: 1..9+0", "'1..9+0' never reaches its end")]
    [InlineData("seeds: 0..20000", "'0..20000' has more than 10000 numbers")]
    [InlineData("seeds: \"1..3\"", "seed '1..3' is out of range")]
    [InlineData("limits: 25m", "limits is not a map")]
    [InlineData("limits: { memory: 6 }", "memory '6' is not an amount")]
    [InlineData("limits: { memory: 6gb }", "memory '6gb' is not an amount")]
    [InlineData("limits: { time: 0s }", "time '0s' is not an amount")]
    [InlineData("limits: { time: [1s] }", "time is not an amount")]
    [InlineData("limits: { tmie: 1s }", "limits has no key 'tmie'")]
    public void Each_mistake_is_named(string plan, string message) =>
        Assert.Contains(PlanText.Problems(plan, ["cpu"]), problem => problem.Message == message && problem.Allowed is { Length: > 0 });

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("1.5h", 5400)]
    [InlineData("25 m", 1500)]
    public void A_time_has_a_unit(string text, double seconds) =>
        Assert.Equal(seconds, PlanText.Read($"{Small}\nlimits: {{ time: {text} }}").Limits.Time!.Value.TotalSeconds);

    [Theory]
    [InlineData("6GB", 6_000_000_000)]
    [InlineData("512MiB", 536_870_912)]
    [InlineData("1.5 KiB", 1536)]
    public void A_memory_has_a_unit(string text, long bytes) =>
        Assert.Equal(bytes, PlanText.Read($"{Small}\nlimits: {{ memory: {text} }}").Limits.MemoryBytes);

    [Fact]
    public void A_repeated_key_is_refused_where_it_repeats()
    {
        // YAML itself refuses repeated keys, but other readers of plans do not.
        PlanLocation At(int line) => new("plan.json", line, 1);
        PlanEntry Entry(int line, string key, PlanNode value) => new(new(key, true, At(line)), value);
        var trial = new PlanMap([Entry(4, "suite", new PlanScalar("toys", true, At(4))),
            Entry(5, "suite", new PlanScalar("toys", true, At(5)))], At(4));
        var root = new PlanMap([Entry(1, "name", new PlanScalar("x", true, At(1))), Entry(2, "name", new PlanScalar("y", true, At(2))),
            Entry(3, "trials", new PlanList([trial], At(3)))], At(1));
        var problems = Assert.Throws<PlanException>(() => new PlanReader(Toys.Catalogue).Read(root)).Problems;
        Assert.Equal([(2, "'name' is given twice"), (5, "'suite' is given twice")],
            problems.Where(problem => problem.Message.EndsWith("twice")).Select(problem => (problem.At.Line, problem.Message)));
    }

    [Fact]
    public void Without_a_list_of_device_classes_any_class_may_be_asked_for() =>
        Assert.Equal(["abacus"], PlanText.Read($"{Small}\ndevice: abacus").DeviceClasses);

    [Fact]
    public void One_problem_is_one_and_two_are_two()
    {
        Assert.StartsWith("The plan has 1 problem:\n", Assert.Throws<PlanException>(() => PlanText.Read($"{Small}\nlimit: 0")).Message);
        Assert.StartsWith("The plan has 2 problems:\n", Assert.Throws<PlanException>(() => PlanText.Read($"{Small}\nlimit: 0\nthreads: 0"))
            .Message);
    }
}
