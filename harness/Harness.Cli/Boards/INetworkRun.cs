namespace Harness.Cli.Boards;

/// <summary>A network that is computed step by step, on a board or by the reference.</summary>
interface INetworkRun
{
    int Inputs { get; }

    /// <summary>True where the answer is read out linearly, false where it is spikes.</summary>
    bool ReadsOut { get; }

    /// <summary>From rest: the output's mean over the steps.</summary>
    /// <param name="next">Values of a further step.</param>
    double[] Means(Func<double[]> next, int steps);
}
