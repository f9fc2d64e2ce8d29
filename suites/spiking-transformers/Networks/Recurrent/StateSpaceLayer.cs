using Harness.Spiking.Counting;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Recurrent;

/// <param name="Units">Each is a linear system of its own, of one input and one output.</param>
/// <param name="States">Complex numbers of state of a unit; each stands for itself and its conjugate.</param>
/// <param name="ShortestStep">Least length of a step in the unit's own time at the start.</param>
/// <param name="LongestStep">Greatest; steps are drawn evenly in their logarithm.</param>
/// <param name="Dropout">Share of the units' outputs that training leaves out.</param>
sealed record StateSpaceSizes(int Units, int States, double ShortestStep, double LongestStep, double Dropout);

/// <summary>
/// Diagonal state spaces (S4D; Gu, Goel, Gupta and Ré, NeurIPS 2022): h' = A h + u, y = 2 Re(C h) + D u for each unit, A diagonal and
/// begun as -1/2 + i π n (S4D-Lin), discretised by zero-order hold; then GELU, a gated linear map over units, the input again, and a
/// layer norm. As the system is linear, all steps are computed at once, as a convolution with 2 Re(C (e^ΔA - 1) / A e^(ΔA l)).
/// </summary>
sealed class StateSpaceLayer : RecurrentLayer
{
    readonly string layer;
    readonly StateSpaceSizes sizes;
    readonly OperationLedger ledger;
    readonly Parameter logStep;
    readonly Parameter logDecay;
    readonly Parameter frequency;
    readonly Parameter readReal;
    readonly Parameter readImaginary;
    readonly Parameter through;
    readonly TorchSharp.Modules.Linear mix;
    readonly TorchSharp.Modules.LayerNorm norm;
    readonly TorchSharp.Modules.Dropout dropout;

    public StateSpaceLayer(string layer, StateSpaceSizes sizes, OperationLedger ledger) : base(nameof(StateSpaceLayer), sizes.Units)
    {
        (this.layer, this.sizes, this.ledger) = (layer, sizes, ledger);
        var (shortest, longest) = (Math.Log(sizes.ShortestStep), Math.Log(sizes.LongestStep));
        logStep = new(rand(sizes.Units, 1) * (longest - shortest) + shortest);
        logDecay = new(full([sizes.Units, sizes.States], (float)Math.Log(0.5)));
        frequency = new(arange(sizes.States, dtype: float32).mul(Math.PI).expand(sizes.Units, sizes.States).clone());
        // Real and imaginary part of a complex normal number of variance 1.
        readReal = new(randn(sizes.Units, sizes.States) * Math.Sqrt(0.5));
        readImaginary = new(randn(sizes.Units, sizes.States) * Math.Sqrt(0.5));
        through = new(randn(sizes.Units));
        mix = nn.Linear(sizes.Units, 2 * sizes.Units);
        norm = nn.LayerNorm(sizes.Units);
        dropout = nn.Dropout(sizes.Dropout);
        RegisterComponents();
    }

    /// <summary>[steps, samples, units] to the same shape.</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var outputs = dropout.forward(nn.functional.gelu(Systems(input)));
        Count(input, outputs);
        return norm.forward(input + nn.functional.glu(mix.forward(outputs), -1)).MoveToOuterDisposeScope();
    }

    /// <summary>What the linear systems say to inputs [steps, samples, units], before anything follows: y, of the same shape.</summary>
    public Tensor Systems(Tensor input)
    {
        using var scope = NewDisposeScope();
        var steps = input.shape[0];
        // Twice the steps, so that the end does not come around to the beginning.
        var response = fft.rfft(Kernel(steps), 2 * steps).unsqueeze(1);
        var answer = fft.irfft(fft.rfft(input.permute(2, 1, 0).contiguous(), 2 * steps) * response, 2 * steps)[.., .., ..(int)steps];
        return (answer.permute(2, 1, 0) + input * through).MoveToOuterDisposeScope();
    }

    // [units, steps]: the answer to a single 1.
    Tensor Kernel(long steps)
    {
        var (decay, turn) = (-logDecay.exp() * logStep.exp(), frequency * logStep.exp());
        // (e^ΔA - 1) / A, times C.
        var (real, imaginary) = (decay.exp() * turn.cos() - 1, decay.exp() * turn.sin());
        var (a, square) = (-logDecay.exp(), (2 * logDecay).exp() + frequency.square());
        var (heldReal, heldImaginary) = ((real * a + imaginary * frequency) / square, (imaginary * a - real * frequency) / square);
        var weightReal = (readReal * heldReal - readImaginary * heldImaginary).unsqueeze(2);
        var weightImaginary = (readReal * heldImaginary + readImaginary * heldReal).unsqueeze(2);
        var time = arange(steps, dtype: float32);
        var (size, angle) = ((decay.unsqueeze(2) * time).exp(), turn.unsqueeze(2) * time);
        return 2 * (size * (weightReal * angle.cos() - weightImaginary * angle.sin())).sum([1]);
    }

    // As a machine that goes step by step: a complex product and the real part of another for each state, and D u.
    void Count(Tensor input, Tensor outputs)
    {
        if (!ledger.Recording) return;
        var steps = (int)input.shape[0];
        ledger.Weighted($"{layer}.systems", "elementwise", input, InputKind.Analog, (double)input.numel() * (6 * sizes.States + 1),
            sizes.Units * (4L * sizes.States + 1) * sizeof(float), steps);
        ledger.Weighted($"{layer}.mix", "linear", outputs, InputKind.Analog, (double)outputs.numel() * mix.weight.shape[0],
            mix.weight.numel() * sizeof(float), steps, Shapes.Linear(outputs, mix, leading: 2), Connection.Linear(mix));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            foreach (var own in new[] { logStep, logDecay, frequency, readReal, readImaginary, through }) own.Dispose();
        base.Dispose(disposing);
    }
}
