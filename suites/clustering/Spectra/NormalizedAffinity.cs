namespace Suites.Clustering.Spectra;

/// <summary>D^-1/2 W D^-1/2: one less the Laplacian, so that its largest eigenvalues are the smallest of that.</summary>
sealed class NormalizedAffinity(IAffinity affinity) : IOperator
{
    readonly double[] _roots = Roots(affinity);
    readonly double[] _scaled = new double[affinity.Size];

    public int Size => affinity.Size;

    public void Apply(ReadOnlySpan<double> vector, Span<double> image)
    {
        for (var at = 0; at < _scaled.Length; at++) _scaled[at] = vector[at] / _roots[at];
        affinity.Apply(_scaled, image);
        for (var at = 0; at < _scaled.Length; at++) image[at] /= _roots[at];
    }

    public double[] Unscaled(double[] vector) => [.. vector.Select((value, at) => value / _roots[at])];

    // Of the degrees: the weights' product with ones.
    static double[] Roots(IAffinity affinity)
    {
        var degrees = new double[affinity.Size];
        affinity.Apply([.. Enumerable.Repeat(1.0, degrees.Length)], degrees);
        return [.. degrees.Select(Math.Sqrt)];
    }
}
