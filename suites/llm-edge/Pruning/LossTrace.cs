using Suites.LlmEdge.Kernels;

namespace Suites.LlmEdge.Pruning;

/// <summary>
/// What a layer y = W x saw of some samples. The gradient of a sample's loss is a sum of outer products over its positions,
/// g_n = Σ_t e_t x_tᵀ, so that any part of it can be had without the whole.
/// </summary>
/// <param name="Loss">Mean over the samples.</param>
/// <param name="Starts">First position of each sample, and the number of positions at the end.</param>
/// <param name="Inputs">x: [width, positions].</param>
/// <param name="Errors">e: [rows, positions], derivatives of the loss of a position's own sample by y.</param>
sealed record LossTrace(double Loss, int[] Starts, float[] Inputs, float[] Errors)
{
    public int Samples => Starts.Length - 1;

    int Positions => Starts[^1];

    /// <summary>‖x_j‖ over all positions, [width].</summary>
    public float[] InputNorms()
    {
        var norms = new float[Inputs.Length / Positions];
        for (var input = 0; input < norms.Length; input++) norms[input] = MathF.Sqrt(Vectors.Dot(Input(input), Input(input)));
        return norms;
    }

    /// <summary>Σ x xᵀ over all positions, [width, width].</summary>
    public double[] Products(DenseProduct product)
    {
        var width = Inputs.Length / Positions;
        var sums = new float[width * width];
        product.Run(Inputs, width, Positions, Inputs, width, sums);
        return Array.ConvertAll(sums, sum => (double)sum);
    }

    /// <summary>Gradient of the mean loss, [rows, width].</summary>
    public float[] MeanGradient(DenseProduct product)
    {
        var (rows, width) = (Errors.Length / Positions, Inputs.Length / Positions);
        var gradient = new float[rows * width];
        product.Run(Inputs, width, Positions, Errors, rows, gradient);
        foreach (ref var value in gradient.AsSpan()) value /= Samples;
        return gradient;
    }

    /// <summary>Gradients of each sample's loss by some weights, [indices, samples].</summary>
    public float[] Gradients(ReadOnlySpan<int> indices)
    {
        var (width, gradients) = (Inputs.Length / Positions, new float[indices.Length * Samples]);
        for (var place = 0; place < indices.Length; place++)
        {
            ReadOnlySpan<float> error = Errors.AsSpan(indices[place] / width * Positions, Positions), input = Input(indices[place] % width);
            for (var sample = 0; sample < Samples; sample++)
            {
                var span = Starts[sample]..Starts[sample + 1];
                gradients[place * Samples + sample] = Vectors.Dot(error[span], input[span]);
            }
        }
        return gradients;
    }

    ReadOnlySpan<float> Input(int input) => Inputs.AsSpan(input * Positions, Positions);
}
