namespace Harness.Spiking.Simulation.Running;

/// <summary>
/// From which step on each cell integrates again: a spike in step n with a period of R steps lets it integrate from step n + R on, and
/// take jumps that arrive in step n + R or later.
/// </summary>
sealed class RefractoryPeriod
{
    readonly int steps;
    readonly int cells;

    public RefractoryPeriod(int cells, double seconds, double step)
    {
        (this.cells, steps) = (cells, (int)Math.Round(seconds / step));
        Until = Lanes4.Array(cells);
        Clear();
    }

    /// <summary>float64, so that lanes compare it beside the state.</summary>
    public double[] Until { get; }

    public bool Open(int cell, int step) => Until[cell] <= step;

    public void Start(int cell, int step) => Until[cell] = step + steps;

    public void Clear()
    {
        Array.Fill(Until, double.NegativeInfinity);
        Until.AsSpan(cells).Fill(double.PositiveInfinity);
    }
}
