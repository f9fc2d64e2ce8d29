namespace Harness.Publishing.Plots;

/// <summary>Shapes of points. What a shape means is said by the legend of the plot; no meaning is carried by colour alone.</summary>
static class Marks
{
    public static readonly (string Kind, string Text)[] Kinds =
        [("spiking", "spiking"), ("ann", "non-spiking network"), ("classical", "classical"), ("control", "control or unknown")];

    public static readonly (string Tier, string Text)[] Tiers =
    [
        ("E0", "E0 declared"), ("E1", "E1 estimated from counts"), ("E2", "E2 sensor"), ("E3", "E3 calibrated sensor"),
            ("E4", "E4 external meter"),
    ];

    public static string OfKind(string? kind, double x, double y, double size = 1) => kind switch
    {
        "spiking" => Circle(x, y, size),
        "ann" => Square(x, y, size),
        "classical" => Triangle(x, y, size),
        _ => Diamond(x, y, size),
    };

    public static string OfTier(string? tier, double x, double y, double size = 1) => tier switch
    {
        "E1" => Diamond(x, y, size),
        "E2" => Triangle(x, y, size),
        "E3" => Square(x, y, size),
        "E4" => Circle(x, y, size),
        _ => Cross(x, y, size),
    };

    static string Circle(double x, double y, double s) => $"M{P(x - (5.5 * s), y)}a{N(5.5 * s)} {N(5.5 * s)} 0 1 0 {N(11 * s)} 0" +
        $"a{N(5.5 * s)} {N(5.5 * s)} 0 1 0 {N(-11 * s)} 0Z";

    static string Square(double x, double y, double s) => $"M{P(x - (5 * s), y - (5 * s))}h{N(10 * s)}v{N(10 * s)}h{N(-10 * s)}Z";

    static string Triangle(double x, double y, double s) =>
        $"M{P(x, y - (6.5 * s))}L{P(x + (6 * s), y + (5 * s))}L{P(x - (6 * s), y + (5 * s))}Z";

    static string Diamond(double x, double y, double s) =>
        $"M{P(x, y - (7 * s))}L{P(x + (7 * s), y)}L{P(x, y + (7 * s))}L{P(x - (7 * s), y)}Z";

    static string Cross(double x, double y, double s) =>
        $"M{P(x - (5 * s), y - (5 * s))}L{P(x + (5 * s), y + (5 * s))}M{P(x + (5 * s), y - (5 * s))}L{P(x - (5 * s), y + (5 * s))}";

    static string P(double x, double y) => $"{Axis.Place(x)} {Axis.Place(y)}";

    static string N(double value) => Axis.Place(value);
}
