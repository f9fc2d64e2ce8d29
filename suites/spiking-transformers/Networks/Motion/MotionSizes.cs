namespace Suites.SpikingTransformers.Networks.Motion;

/// <summary>Detectors of motion at every place whose surroundings lie in the field.</summary>
/// <param name="Delays">How many: 0, 1, ... steps.</param>
/// <param name="Radius">Of the surroundings, in pixels; they are a square.</param>
/// <param name="Symmetric">Whether a detector has a mirror for the motion with polarities swapped, and says what the stronger says.</param>
sealed record MotionSizes(int Classes, int Polarities, int Height, int Width, int Delays, int Radius, bool Symmetric)
{
    public int Side => 2 * Radius + 1;
    public int Rows => Height - 2 * Radius;
    public int Columns => Width - 2 * Radius;
    public int Places => Rows * Columns;
    /// <summary>Synapses of a detector at one delay, [polarity, row, column].</summary>
    public int Surroundings => Polarities * Side * Side;
    /// <summary>Synapses of a detector, [polarity, delay, row, column].</summary>
    public int Synapses => Delays * Surroundings;
    /// <summary>Detectors of a place: with their mirrors, if they have any, behind them.</summary>
    public int Outputs => Symmetric ? 2 * Classes : Classes;

    public MotionSizes Checked() => Rows > 0 && Columns > 0 ? this
        : throw new UnsupportedException($"A radius of {Radius} pixels does not fit into a field of {Height} × {Width}; lower it.");
}
