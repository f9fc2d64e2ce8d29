using System.Text.Json;
using Harness.Core.Scoring;

namespace Harness.Core.Tests.Scoring;

public sealed class DeviceAgreementTests
{
    [Fact]
    public void Equal_answers_agree_and_the_largest_difference_of_an_amount_is_stated()
    {
        var reference = Run(("a", """{"label":3,"confidence":0.9}"""), ("b", """{"label":4,"confidence":0.5}"""));
        var device = Run(("a", """{"label":3,"confidence":0.875}"""), ("b", """{"label":4,"confidence":0.625}"""));

        var found = DeviceAgreement.Of(reference, device);

        Assert.Equal(new DeviceAgreement(2, 1, 0.125), found);
        Assert.Null(found.Warning);
    }

    [Fact]
    public void A_device_that_answers_otherwise_gets_its_metrics_and_a_warning()
    {
        var reference = Run(("a", """{"label":3}"""), ("b", """{"label":4}"""), ("c", """{"label":5}"""), ("d", """{"label":6}"""));
        var device = Run(("a", """{"label":3}"""), ("b", """{"label":4}"""), ("c", """{"label":5}"""), ("x", """{"label":1}"""));

        var run = DeviceAgreement.Of(reference, device).On(device);

        var metric = Assert.Single(run.Metrics);
        Assert.Equal((DeviceAgreement.AgreementCard.Id, 0.75, 4), (metric.Metric, metric.Value, metric.Samples));
        Assert.Contains("75 % of 4 samples, below 99 %", Assert.Single(run.Readings).Reason);
    }

    [Fact]
    public void Numbers_deep_inside_predictions_are_compared()
    {
        var reference = Run(("a", """{"spikes":[0.5,[1.5,2.25]]}"""));
        var device = Run(("a", """{"spikes":[0.5,[1.25,4.5]]}"""));

        Assert.Equal(2.25, DeviceAgreement.Of(reference, device).Divergence);
    }

    [Fact]
    public void Runs_of_different_trials_are_refused_with_what_differs()
    {
        var reference = Run(("a", "{}"));
        var device = reference with { Trial = reference.Trial with { Seed = 2 } };

        Assert.Contains("seeds", Assert.Throws<HarnessException>(() => DeviceAgreement.Of(reference, device)).Message);
    }

    [Fact]
    public void A_run_without_all_predictions_is_refused()
    {
        var error = Assert.Throws<HarnessException>(() => DeviceAgreement.Of(Run(("a", "{}"), ("b", "{}")), Run(("a", "{}"))));

        Assert.Contains("has 2 predictions", error.Message);
    }

    static RunRecord Run(params (string Answer, string Prediction)[] rows) => new("run", "trial",
        new("suite", "benchmark", "data@1", "family@1", JsonDocument.Parse("{}").RootElement, 1, "cpu", 1), RunState.Ok, null,
        new("device", "cpu", "processor", 1, 1, "system", "runtime"), default, default,
        new("1", "commit", false, "command", "session", "plan", "manual"))
    {
        Samples = [.. rows.Select((row, index) =>
            new SampleRow(index, "target", row.Answer, null, JsonDocument.Parse(row.Prediction).RootElement))],
    };
}
