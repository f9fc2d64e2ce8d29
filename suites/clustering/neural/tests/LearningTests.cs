using Harness.Datasets;
using Suites.Clustering.Neural.Families;
using Suites.Clustering.Neural.Networks;
using Suites.Clustering.Tests;

namespace Suites.Clustering.Neural.Tests;

/// <summary>What TELL's second stage does, on drawings of four kinds; figures on MNIST belong to the plan.</summary>
public sealed class LearningTests
{
    const int Warmup = 10, Together = 20;

    [Fact]
    public void The_loss_of_tell_falls_in_the_moving_average_of_each_stage()
    {
        var images = Withheld(Drawings.Of(400));
        var (model, curve) = Points.Prepare(new Tell(4, AutoencoderForm.Convolution, CodeLength: 6, Warmup: Warmup, Epochs: Together,
            BatchSize: 40), images);
        using var _ = model;
        Assert.Equal(Enumerable.Range(1, Warmup + Together), curve.Select(point => point.Epoch));
        foreach (var stage in new[] { curve.Take(Warmup), curve.Skip(Warmup) })
        {
            var average = stage.First().Loss;
            foreach (var point in stage.Skip(1))
            {
                Assert.True(point.Loss < average, $"the loss {point.Loss} of epoch {point.Epoch} is above the moving average {average}");
                average = 0.7 * average + 0.3 * point.Loss;
            }
        }
    }

    static LabeledPoint[] Withheld(LabeledPoint[] images) => [.. images.Select(image => image with { Label = -1 })];
}
