using System.Globalization;

namespace Harness.Publishing.Plots;

/// <summary>Where a plot is drawn, and the axes that map values to places in it. Units of the drawing are those of its viewBox.</summary>
public sealed class PlotArea
{
    public PlotArea(IEnumerable<double> across, IEnumerable<double> upwards, double width = 640, double height = 380, double left = 68,
        bool linear = false)
    {
        (Width, Height, Left, Right, Top, Bottom) = (width, height, left, width - 24, 22, height - 54);
        X = new Axis(across, Left, Right, linear);
        Y = new Axis(upwards, Bottom, Top);
    }

    public double Width { get; }
    public double Height { get; }
    public double Left { get; }
    public double Right { get; }
    public double Top { get; }
    public double Bottom { get; }
    public Axis X { get; }
    public Axis Y { get; }

    public static string Short(double value) => value.ToString("#,0.####", CultureInfo.InvariantCulture).Replace('-', '−');
}
