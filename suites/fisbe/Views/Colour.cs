using System.Runtime.InteropServices;

namespace Suites.Fisbe.Views;

[StructLayout(LayoutKind.Auto)]
readonly record struct Colour(byte Red, byte Green, byte Blue)
{
    const double GoldenAngle = 137.50776405003785;

    public static Colour White { get; } = new(255, 255, 255);

    /// <summary>What is there, but not what the picture is about.</summary>
    public static Colour Dim { get; } = new(60, 60, 60);

    /// <summary>Between panels: no neuron has it.</summary>
    public static Colour Gap { get; } = new(128, 128, 128);

    /// <summary>Colours of neighbouring numbers lie far apart on the circle of hues; every third one is paler.</summary>
    public static Colour Of(int number)
    {
        var hue = number * GoldenAngle % 360 / 60;
        var least = number % 3 == 2 ? 0.45 : 0.1;
        byte Part(double shift)
        {
            var k = (shift + hue) % 6;
            return (byte)Math.Round(255 * (1 - (1 - least) * Math.Clamp(Math.Min(k, 4 - k), 0, 1)));
        }
        return new(Part(5), Part(3), Part(1));
    }
}
