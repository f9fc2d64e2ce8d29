namespace Suites.Clustering.Spectra;

/// <summary>A symmetric linear map of vectors.</summary>
interface IOperator
{
    int Size { get; }

    void Apply(ReadOnlySpan<double> vector, Span<double> image);
}
