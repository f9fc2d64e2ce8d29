using System.Text.Json;
using Harness.Core.Planning;
using Harness.Core.Registry;

namespace Harness.Core.Tests.Planning;

public sealed class ExpansionTests
{
    const string Sweep = """
        name: sweep
        seeds: [2, 1]
        threads: 2
        trials:
          - suite: toys
            datasets: [evens, numbers]
            families:
              - plain
              - id: toy
                with: { width: [16, 8] }
          - suite: pairs
            benchmark: left
            dataset: numbers
            family: plain
        """;

    [Fact]
    public void Trials_run_in_file_order_blocks_datasets_families_configurations_seeds() => Assert.Equal(
    [
        "parity evens@2 plain@3  2", "parity evens@2 plain@3  1", "parity evens@2 toy@1 16 2", "parity evens@2 toy@1 16 1",
        "parity evens@2 toy@1 8 2", "parity evens@2 toy@1 8 1",
        "parity numbers@1 plain@3  2", "parity numbers@1 plain@3  1", "parity numbers@1 toy@1 16 2", "parity numbers@1 toy@1 16 1",
        "parity numbers@1 toy@1 8 2", "parity numbers@1 toy@1 8 1",
        "left numbers@1 plain@3  2", "left numbers@1 plain@3  1",
    ], PlanText.Read(Sweep).Expand("cpu").Select(Text));

    [Fact]
    public void What_the_plan_says_of_all_trials_is_in_each()
    {
        var trials = PlanText.Read($"{Sweep}\nlimit: 50").Expand("cpu");
        Assert.All(trials, trial => Assert.Equal((50, 2, "cpu"), (trial.Limit, trial.Threads, trial.DeviceClass)));
        var both = PlanText.Read($"{Sweep}\ndevice: [phone, cpu]").Expand("cpu");
        Assert.Equal(2 * trials.Count, both.Count);
        Assert.Equal(["phone", "cpu"], both.Take(2).Select(trial => trial.DeviceClass));
        Assert.Equal(both[0].Seed, both[1].Seed);
        Assert.All(PlanText.Read($"{Sweep}\ndevice: phone").Expand("cpu"), trial => Assert.Equal("phone", trial.DeviceClass));
    }

    [Fact]
    public void A_trial_named_by_two_blocks_is_run_once() => Assert.Single(PlanText.Read("""
        name: x
        trials:
          - { suite: toys, dataset: evens, family: plain }
          - { suite: toys, benchmark: parity, datasets: [evens@2], families: [plain@3] }
        """).Expand("cpu"));

    // printf '%s' '{"benchmark":"parity","configuration":{...},...}' | sha256sum, of the text that the test writes out
    [Fact]
    public void A_trial_is_named_by_the_hash_of_its_content_for_ever()
    {
        var trial = PlanText.Read(Sweep).Expand("cpu")[2];
        Assert.Equal(Content, CanonicalJson.Write(trial));
        Assert.Equal("368d15014d1d4ef7", trial.Id);
        Assert.Equal("7254545f", trial.ConfigurationHash);
        Assert.Equal("d5186091eb0b4cfd", (trial with { Limit = 50 }).Id);
    }

    static readonly string Content = """
        {"benchmark":"parity","configuration":{"bias":true,"budget":1000,"checkpoint":null,"depth":2,"dropout":null,
        "encoder":{"rate":true,"steps":4},"name":"toy","neuron":{"kind":"lif","tau":2,"threshold":1},"optimizer":"adam","rate":0.5,
        "reset":"hard","width":16,"widths":[8,4]},"deviceClass":"cpu","family":"toy@1","protocol":"evens@2","seed":2,"suite":"toys",
        "threads":2}
        """.ReplaceLineEndings("");

    [Fact]
    public void The_id_does_not_depend_on_how_the_plan_writes_its_knobs()
    {
        string[] ways = ["{ rate: 0.25, width: 16 }", "{ width: 16.0, rate: 2.5e-1 }",
            "{ width: [16], rate: 0.25..0.25, neuron: lif, depth: 2 }",
            "{ encoder: { steps: 4 }, neuron: { kind: lif, tau: 2.0 }, width: 16, rate: 0.25 }"];
        Assert.Single(ways.Select(knobs => Assert.Single(PlanText.Read(PlanText.WithKnobs(knobs)).Expand("cpu")).Id).Distinct());
    }

    [Fact]
    public void Everything_that_decides_a_number_changes_the_id()
    {
        var trial = PlanText.Read(Sweep).Expand("cpu")[2];
        Trial[] others =
        [
            trial, trial with { Suite = "x" }, trial with { Benchmark = "x" }, trial with { Protocol = "evens@3" },
                trial with { Family = "toy@2" },
            trial with { Configuration = JsonSerializer.SerializeToElement(new { width = 16 }) }, trial with { Seed = 3 },
            trial with { DeviceClass = "phone" }, trial with { Threads = 1 }, trial with { Limit = 50 },
        ];
        Assert.Equal(others.Length, others.Select(other => other.Id).Distinct().Count());
        Assert.All(others, other => Assert.Matches("^[0-9a-f]{16}$", other.Id));
    }

    [Theory]
    [InlineData("seed=1", 7)]
    [InlineData("seed=1,seed=2", 14)]
    [InlineData("family=toy", 8)]
    [InlineData("family=toy@1,dataset=evens", 4)]
    [InlineData("family=toy,family=plain@3", 14)]
    [InlineData("suite=pairs", 2)]
    [InlineData("benchmark=left,seed=2", 1)]
    [InlineData("dataset=evens@1", 0)]
    [InlineData("", 14)]
    [InlineData(" family = plain , seed = 1 ", 3)]
    public void A_filter_keeps_some_trials_in_their_order(string filter, int count)
    {
        var plan = PlanText.Read(Sweep);
        var kept = plan.Expand("cpu", FilterReader.Read(filter));
        Assert.Equal(count, kept.Count);
        var all = plan.Expand("cpu").Select(trial => trial.Id).ToList();
        Assert.Equal(kept.Select(trial => trial.Id), kept.Select(trial => trial.Id).OrderBy(all.IndexOf));
    }

    [Theory]
    [InlineData("familly=toy", "Did you mean 'family'?")]
    [InlineData("toy", "The filter part 'toy' is not key=value")]
    [InlineData("family=", "The filter part 'family=' is not key=value")]
    [InlineData("seed=one", "The filter seed 'one' is not a whole number")]
    [InlineData("seed=-1", "The filter seed '-1' is not a whole number")]
    public void A_filter_that_is_wrong_says_how(string filter, string message) =>
        Assert.Contains(message, Assert.ThrowsAny<HarnessException>(() => FilterReader.Read(filter)).Message);

    static string Text(Trial trial) => $"{trial.Benchmark} {trial.Protocol} {trial.Family} "
        + $"{(trial.Configuration.TryGetProperty("width", out var width) ? width.ToString() : "")} {trial.Seed}";
}
