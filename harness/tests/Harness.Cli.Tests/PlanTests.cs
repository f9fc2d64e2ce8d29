namespace Harness.Cli.Tests;

public sealed class PlanTests : IDisposable
{
    readonly HarnessProcess _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task A_plan_with_five_mistakes_names_all_five_and_runs_nothing()
    {
        var plan = _harness.Write("wrong.yaml", """
            name: wrong
            seeds: [one]
            treads: 2
            trials:
              - suite: clustering
                benchmark: points
                datasets: [blob]
                families:
                  - { id: k-meens, with: { clusters: 3 } }
                  - { id: k-means, with: { clusters: -4 } }
            """);
        var outcome = await _harness.Run("run", "--plan", plan);
        Assert.Equal(ExitCodes.Usage, outcome.Code);
        foreach (var expected in new[] { "wrong.yaml:2:", "wrong.yaml:3:", "wrong.yaml:7:", "wrong.yaml:9:", "wrong.yaml:10:" })
            Assert.Contains(expected, outcome.Messages);
        Assert.Contains("did you mean 'threads'", outcome.Messages);
        Assert.Contains("did you mean 'blobs'", outcome.Messages);
        Assert.Contains("did you mean 'k-means'", outcome.Messages);
        Assert.Contains("-4", outcome.Messages);
        Assert.Equal(0, _harness.StoredRuns);
    }

    [Fact]
    public async Task An_unknown_plan_lists_the_known_ones()
    {
        var outcome = await _harness.Run("run", "--plan", "mnits");
        Assert.Equal(ExitCodes.Usage, outcome.Code);
        Assert.Contains("mnist", outcome.Messages);
    }

    [Fact]
    public async Task A_dry_run_lists_the_grid_and_runs_nothing()
    {
        var plan = _harness.Write("grid.yaml", """
            name: grid
            seeds: 1..2
            trials:
              - suite: clustering
                benchmark: points
                datasets: [blobs, moons]
                families:
                  - { id: k-means, with: { clusters: [2, 3, 5] } }
            """);
        var outcome = await _harness.Run("run", "--plan", plan, "--dry-run");
        Assert.True(outcome.Code == ExitCodes.Ok, outcome.ToString());
        Assert.Equal(12, outcome.Data.Split('\n').Count(line => line.Contains("k-means@")));
        Assert.Equal(0, _harness.StoredRuns);
    }

    [Theory]
    [InlineData("results/plans/demo.yaml")]
    [InlineData("results/plans/mnist.yaml")]
    [InlineData("results/plans/clustering.yaml")]
    [InlineData("results/plans/few-shot.yaml")]
    [InlineData("results/plans/biclustering.yaml")]
    public async Task The_plans_of_the_checkout_are_valid(string plan)
    {
        var outcome = await _harness.Run("plan", Path.Combine(Settings.Checkout(), plan));
        Assert.True(outcome.Code == ExitCodes.Ok, outcome.ToString());
    }

    [Fact]
    public async Task Invalid_yaml_is_one_error_with_its_line()
    {
        var outcome = await _harness.Run("plan", _harness.Write("broken.yaml", "name: [a\nseeds: 1\n"));
        Assert.Equal(ExitCodes.Usage, outcome.Code);
        Assert.Contains("broken.yaml:2", outcome.Messages);
    }
}
