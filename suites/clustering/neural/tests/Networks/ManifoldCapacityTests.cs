using Harness.Torch;
using Suites.Clustering.Neural.Networks;
using static TorchSharp.torch;

namespace Suites.Clustering.Neural.Tests.Networks;

public sealed class ManifoldCapacityTests
{
    public ManifoldCapacityTests() => TorchSession.Begin(seed: 3, threads: 1);

    // Two points, two views, three axes. Centroids (1, 0, 0) and (0, 0.5, 0.5): singular values 1 and √0.5. Views of the first are equal
    // (singular values √2, 0), those of the second orthogonal (1, 1).
    [Fact]
    public void The_loss_is_that_of_singular_values()
    {
        using var scope = NewDisposeScope();
        var views = tensor(new double[] { 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1 }, [2, 2, 3]);
        Assert.Equal(-1 - Math.Sqrt(0.5), new ManifoldCapacity(0).Loss(views).item<double>(), 1e-12);
        Assert.Equal(-1 - Math.Sqrt(0.5) + 0.1 * (Math.Sqrt(2) + 2) / 2, new ManifoldCapacity(0.1).Loss(views).item<double>(), 1e-12);
    }

    [Fact]
    public void The_bound_is_reached_by_orthogonal_points_whose_views_are_equal_and_by_nothing_passed()
    {
        using var scope = NewDisposeScope();
        var capacity = new ManifoldCapacity(0);
        var orthogonal = eye(4, 6, float64).expand(3, 4, 6);
        Assert.Equal(ManifoldCapacity.Bound(4, 6), capacity.Loss(orthogonal).item<double>(), 1e-12);
        for (var draw = 0; draw < 20; draw++)
            Assert.True(capacity.Loss(Directions(draw % 2 == 0 ? 2 : 5)).item<double>() > ManifoldCapacity.Bound(7, draw % 2 == 0 ? 2 : 5));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    public void Gradients_are_those_of_finite_differences(double compression)
    {
        const double step = 1e-6;
        using var scope = NewDisposeScope();
        var capacity = new ManifoldCapacity(compression);
        var views = Directions(4).requires_grad_();
        capacity.Loss(views).backward();
        var gradient = views.grad!.flatten().data<double>().ToArray();
        for (var at = 0; at < gradient.Length; at += 5)
        {
            var moved = zeros(views.numel(), float64);
            moved[at] = step;
            moved = moved.view(views.shape);
            var difference = (capacity.Loss(views.detach() + moved) - capacity.Loss(views.detach() - moved)).item<double>() / (2 * step);
            Assert.Equal(difference, gradient[at], 1e-6);
        }
    }

    static TorchSharp.torch.Tensor Directions(int length) => nn.functional.normalize(randn([3, 7, length], float64), dim: 2);
}
