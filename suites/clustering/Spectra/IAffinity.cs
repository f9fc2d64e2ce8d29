namespace Suites.Clustering.Spectra;

/// <summary>How alike points are, as weights of a graph without loops: symmetric, 0 or more. Its size is the number of points.</summary>
interface IAffinity : IOperator
{
    /// <summary>Which points hang together, as numbers from 0 on.</summary>
    int[] Components();

    /// <summary>The graph of some of the points alone, which hang together with no others.</summary>
    IAffinity Of(int[] points);
}
