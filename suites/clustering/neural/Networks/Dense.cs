using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Clustering.Neural.Networks;

/// <summary>What follows the weights of a layer.</summary>
enum Activation { None, Relu, Sigmoid }

static class Activations
{
    public static Tensor Of(this Activation activation, Tensor input) => activation switch
    {
        Activation.Relu => nn.functional.relu(input),
        Activation.Sigmoid => input.sigmoid(),
        _ => input,
    };
}

/// <summary>[samples, inputs] to [samples, outputs]: dropout of inputs, a linear map, a batch norm if asked for, an activation.</summary>
sealed class Dense : Layer
{
    readonly TorchSharp.Modules.Linear _linear;
    readonly TorchSharp.Modules.BatchNorm1d? _norm;
    readonly Activation _activation;
    readonly double _dropout;
    readonly int _inputs, _outputs;

    /// <param name="dropout">Share of inputs that are zero in a training step.</param>
    public Dense(string name, int inputs, int outputs, Activation activation, bool norm = false, double dropout = 0) : base(name)
    {
        (_inputs, _outputs, _activation, _dropout) = (inputs, outputs, activation, dropout);
        _linear = nn.Linear(inputs, outputs);
        _norm = norm ? nn.BatchNorm1d(outputs) : null;
        RegisterComponents();
    }

    public override LayerOperations Operations => Weighted(GetName(), "linear", new(_inputs, 1, _outputs, 1, Bias: true), _linear);

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        if (_dropout > 0) input = nn.functional.dropout(input, _dropout, training);
        var output = _linear.forward(input);
        if (_norm is not null) output = _norm.forward(output);
        return _activation.Of(output).MoveToOuterDisposeScope();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _linear.Dispose();
            _norm?.Dispose();
        }
        base.Dispose(disposing);
    }
}
