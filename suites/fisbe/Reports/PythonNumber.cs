using System.Globalization;

namespace Suites.Fisbe.Reports;

/// <summary>Numbers as Python prints them: the shortest digits that read back, a point always, an exponent below 1e-4 and from
/// 1e16.</summary>
static class PythonNumber
{
    public static string Of(double value) => Of(value, value.ToString("R", CultureInfo.InvariantCulture));

    public static string Of(float value) => Of(value, value.ToString("R", CultureInfo.InvariantCulture));

    static string Of(double value, string shortest)
    {
        if (double.IsNaN(value)) return "nan";
        if (double.IsInfinity(value)) return value > 0 ? "inf" : "-inf";
        if (value == 0) return double.IsNegative(value) ? "-0.0" : "0.0";
        var (digits, exponent) = Digits(shortest);
        var sign = value < 0 ? "-" : "";
        if (exponent is < -4 or >= 16)
            return $"{sign}{digits[..1]}{(digits.Length > 1 ? "." + digits[1..] : "")}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        if (exponent < 0) return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        var padded = digits.PadRight(exponent + 1, '0');
        return $"{sign}{padded[..(exponent + 1)]}.{(padded.Length > exponent + 1 ? padded[(exponent + 1)..] : "0")}";
    }

    // Significant digits and the power of ten of the first one.
    static (string Digits, int Exponent) Digits(string shortest)
    {
        var mantissa = shortest.TrimStart('-');
        var exponent = 0;
        if (mantissa.IndexOf('E') is var at and >= 0)
        {
            exponent = int.Parse(mantissa.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            mantissa = mantissa[..at];
        }
        var point = mantissa.IndexOf('.') is var found and >= 0 ? found : mantissa.Length;
        var all = mantissa.Replace(".", "");
        var leading = all.Length - all.TrimStart('0').Length;
        return (all.Trim('0'), point - 1 - leading + exponent);
    }
}
