using System.Numerics;
using MathNet.Numerics;

namespace Harness.Datasets.Cochlea;

/// <summary>
/// Velocity of the basilar membrane as a linear response to the sound at the stapes: the shallow-water model of Sieroka, Dosch and Rupp
/// (J. Acoust. Soc. Am. 120, 297, 2006) with the constants that LAUSCHER published for the Heidelberg digits (Cramer et al. 2022). Place
/// x runs from the stapes (high frequencies) to the apex (low ones).
/// </summary>
static class BasilarMembrane
{
    const double Length = 3.5;
    const double Offset = 3500;         // a: stiffness that the exponential loses everywhere
    const double Slope = 3.0;           // α
    const double Stiffness = 1e9;       // C₀
    const double Damping = 0.15;        // δ
    const double Height = 0.1;          // h, of the scala
    const double Mass = 0.05;           // m
    static readonly double Resistance = Damping * Math.Sqrt(Stiffness * Mass);

    /// <summary>Place of a channel; channels are spread evenly over the membrane.</summary>
    public static double Place(int channel, int channels) => channels == 1 ? 0 : Length * channel / (channels - 1);

    /// <summary>Frequency at which the membrane at a place resonates, in hertz.</summary>
    public static double Resonance(double place) =>
        Math.Sqrt((Stiffness * Math.Exp(-Slope * place) - Offset) / Mass) / (2 * Math.PI);

    /// <summary>
    /// v(ω, x) = 2ω/ξ(ω, x) · p(ω, x)/p(ω, 0) · Z(ω) with p = √(G/g) H₀⁽¹⁾(G), G(ω, x) = 2g(ω, 0)/α + ∫₀ˣ g(ω, y) dy.
    /// </summary>
    public static Complex Response(double omega, double place) => Response(omega, place, Entry(omega));

    /// <param name="entry">From <see cref="Entry"/>, which is the same at every place.</param>
    public static Complex Response(double omega, double place, Complex entry) => entry / Impedance(omega, place) * Pressure(omega, place);

    /// <summary>2ω Z(ω)/p(ω, 0): what does not depend on the place.</summary>
    public static Complex Entry(double omega) => 2 * omega * Stapes(omega) / Pressure(omega, 0);

    static Complex Pressure(double omega, double place)
    {
        var phase = Phase(omega, place);
        return Complex.Sqrt(phase / WaveNumber(omega, place)) * Hankel(phase);
    }

    /// <summary>H₀⁽¹⁾; far from 0 by its asymptotic series (DLMF 10.17.5), which is exact to double precision there.</summary>
    static Complex Hankel(Complex z)
    {
        if (Complex.Abs(z) < 20) return SpecialFunctions.HankelH1(0, z);
        var (sum, term, step) = (Complex.One, Complex.One, Complex.ImaginaryOne / (8 * z));
        for (var k = 1; k < 20; k++)
        {
            var odd = 2.0 * k - 1;
            term *= -odd * odd / k * step;
            sum += term;
        }
        return Complex.Sqrt(2 / (Math.PI * z)) * Complex.Exp(Complex.ImaginaryOne * (z - Math.PI / 4)) * sum;
    }

    /// <summary>ξ(ω, x) = C₀e^(-αx) - a - mω² - iωr e^(-αx/2).</summary>
    static Complex Impedance(double omega, double place) => new(
        Stiffness * Math.Exp(-Slope * place) - Offset - Mass * omega * omega, -omega * Resistance * Math.Exp(-Slope * place / 2));

    /// <summary>g(ω, x) = ω/√(h ξ).</summary>
    static Complex WaveNumber(double omega, double place) => omega / Complex.Sqrt(Height * Impedance(omega, place));

    // With u = e^(αy/2) the integral of g is 2ω/(α√h) ∫ du/√(C₀ - iωr u - A u²), A = a + mω²; an arcsine, and its argument runs along a
    // line in the upper half plane, where the principal branch has no cut.
    static Complex Phase(double omega, double place)
    {
        var a = Offset + Mass * omega * omega;
        var root = Math.Sqrt(4 * a * Stiffness - Math.Pow(omega * Resistance, 2));
        Complex Arcsine(double u) => Complex.Asin(new Complex(2 * a * u, omega * Resistance) / root);
        var integral = Arcsine(Math.Exp(Slope * place / 2)) - Arcsine(1);
        return 2 / Slope * (WaveNumber(omega, 0) + omega / Math.Sqrt(Height * a) * integral);
    }

    /// <summary>Z(ω) = √(2C₀/h) (iJ₀ + Y₀)/(J₁ - iY₁) at 2ω/α · √(2/(hC₀)).</summary>
    static Complex Stapes(double omega)
    {
        var x = 2 * omega / Slope * Math.Sqrt(2 / (Height * Stiffness));
        return Math.Sqrt(2 * Stiffness / Height) * new Complex(SpecialFunctions.BesselY(0, x), SpecialFunctions.BesselJ(0, x))
            / new Complex(SpecialFunctions.BesselJ(1, x), -SpecialFunctions.BesselY(1, x));
    }
}
