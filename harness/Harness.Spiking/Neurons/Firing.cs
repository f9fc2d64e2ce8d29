using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Spiking.Neurons;

/// <summary>The step function of a neuron, of u = H - threshold, as part of a tensor graph.</summary>
delegate Tensor Spike(Tensor u, LifParameters rules);

/// <summary>
/// Step functions. <see cref="Exact"/> is what neurons use; finite differences can be taken of <see cref="Smooth"/> only, whose derivative
/// the surrogate is.
/// </summary>
static class Firing
{
    public static Tensor Exact(Tensor u, LifParameters rules) =>
        u.requires_grad && is_grad_enabled() ? SurrogateStep.apply(u, rules) : Fired(u, rules);

    public static Tensor Smooth(Tensor u, LifParameters rules) => Integral(u, rules.Surrogate, rules.Slope);

    public static Tensor Fired(Tensor u, LifParameters rules)
    {
        using var fired = rules.Fires == FireRule.Above ? u.gt(0) : u.ge(0);
        return fired.to(u.dtype);
    }

    /// <summary>The function whose derivative the surrogate is; 0.5 at the threshold, from 0 to 1 where it is bounded so.</summary>
    public static Tensor Integral(Tensor u, Surrogate surrogate, double slope)
    {
        using var scope = NewDisposeScope();
        var z = u * slope;
        var value = surrogate switch
        {
            Surrogate.Sigmoid => z.sigmoid(),
            Surrogate.ArcTangent => (z * (Math.PI / 2)).atan() / Math.PI + 0.5,
            Surrogate.Triangle => Ramp(z.clamp(-1, 1)),
            Surrogate.Rectangle => z.clamp(-0.5, 0.5) + 0.5,
            Surrogate.SoftSign => 0.5 * z / (1 + z.abs()) + 0.5,
            Surrogate.FastSigmoid => u / (1 + z.abs()) + 0.5,
            Surrogate.Exponential => 0.5 * z.sign() * (1 - (-z.abs()).exp()) + 0.5,
            Surrogate.Gaussian => 0.5 * z.erf() + 0.5,
            Surrogate.StraightThrough => z + 0.5,
            _ => throw new HarnessException($"No graph exists for the surrogate {surrogate}."),
        };
        return value.MoveToOuterDisposeScope();
    }

    /// <summary>The surrogate.</summary>
    public static Tensor Derivative(Tensor u, Surrogate surrogate, double slope)
    {
        using var scope = NewDisposeScope();
        var value = surrogate switch
        {
            Surrogate.Sigmoid => Logistic((u * slope).sigmoid_()).mul_(slope),
            Surrogate.ArcTangent => (u * (slope * Math.PI / 2)).pow_(2).add_(1).reciprocal_().mul_(slope / 2),
            Surrogate.Triangle => u.abs().mul_(-slope * slope).add_(slope).clamp_(min: 0),
            Surrogate.Rectangle => u.abs().mul_(slope).lt(0.5).to(u.dtype).mul_(slope),
            Surrogate.SoftSign => u.abs().mul_(slope).add_(1).pow_(2).reciprocal_().mul_(slope / 2),
            Surrogate.FastSigmoid => u.abs().mul_(slope).add_(1).pow_(2).reciprocal_(),
            Surrogate.Exponential => u.abs().mul_(-slope).exp_().mul_(slope / 2),
            Surrogate.Gaussian => u.square().mul_(-slope * slope).exp_().mul_(slope / Math.Sqrt(Math.PI)),
            Surrogate.StraightThrough => full_like(u, slope),
            _ => throw new HarnessException($"No graph exists for the surrogate {surrogate}."),
        };
        return value.MoveToOuterDisposeScope();
    }

    static Tensor Ramp(Tensor z) => z - 0.5 * z * z.abs() + 0.5;

    static Tensor Logistic(Tensor s) => s * (1 - s);
}

/// <summary>Value of the step function, derivative of the surrogate, in tensor operations.</summary>
sealed class SurrogateStep : autograd.SingleTensorFunction<SurrogateStep>
{
    public override string Name => nameof(SurrogateStep);

    public override Tensor forward(autograd.AutogradContext context, params object[] vars)
    {
        var (u, rules) = ((Tensor)vars[0], (LifParameters)vars[1]);
        context.save_for_backward([u]);
        context.save_data(nameof(rules), rules);
        return Firing.Fired(u, rules);
    }

    public override List<Tensor> backward(autograd.AutogradContext context, Tensor outputGradient)
    {
        using var u = context.get_saved_variables()[0];
        var rules = (LifParameters)context.get_data("rules");
        return [Firing.Derivative(u, rules.Surrogate, rules.Slope).mul_(outputGradient), null!];
    }
}
