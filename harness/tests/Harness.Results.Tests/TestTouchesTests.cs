namespace Harness.Results.Tests;

public sealed class TestTouchesTests
{
    static RunRecord Of(int number, string family = "perceptron@1", string protocol = "mnist@1") =>
        Example.Run(number) is var run ? run with { Trial = run.Trial with { Family = family, Protocol = protocol } } : run;

    [Fact]
    public void All_versions_and_configurations_of_a_family_count_as_one_lineage()
    {
        var touch = Assert.Single(TestTouches.Of([Of(0), Of(1, "perceptron@2"), Of(2, "perceptron@2")]));
        Assert.Equal(("mnist@1", "perceptron"), (touch.Protocol, touch.Family));
        Assert.Equal((3, 2, 3), (touch.Evaluations, touch.Configurations, touch.Seeds));
        Assert.Equal((Example.Start, Example.Start.AddMinutes(2)), (touch.First, touch.Last));
    }

    [Fact]
    public void The_same_trial_run_twice_has_looked_twice()
    {
        var touch = Assert.Single(TestTouches.Of([Of(0), Of(0)]));
        Assert.Equal((2, 1, 1), (touch.Evaluations, touch.Configurations, touch.Seeds));
    }

    [Fact]
    public void Protocols_and_families_are_counted_apart_and_the_busiest_comes_first()
    {
        var touches = TestTouches.Of([Of(0, "a@1"), Of(1, "b@1"), Of(2, "b@1"), Of(3, "b@1", "mnist@2")]);
        Assert.Equal([("mnist@1", "b", 2), ("mnist@1", "a", 1), ("mnist@2", "b", 1)],
            touches.Select(touch => (touch.Protocol, touch.Family, touch.Evaluations)));
    }

    [Fact]
    public void A_run_that_ended_before_it_was_scored_has_shown_nothing()
    {
        var failed = Of(0) with { State = RunState.Failed, Reason = "diverged", Metrics = [], Samples = [] };
        Assert.Empty(TestTouches.Of([failed]));
        Assert.Single(TestTouches.Of([failed with { Metrics = Of(0).Metrics }]));
    }
}
