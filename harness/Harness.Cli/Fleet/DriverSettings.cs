using System.Globalization;

namespace Harness.Cli.Fleet;

/// <summary>What <c>harness agent --set NAME=VALUE</c> gave a driver. Every name must be asked for, or it is refused.</summary>
sealed class DriverSettings(string driver, IReadOnlyDictionary<string, string> values)
{
    readonly List<string> _asked = [];

    /// <exception cref="HarnessException">It is not given.</exception>
    public string Needed(string name, string meaning) => OrNull(name)
        ?? throw new HarnessException($"The driver '{driver}' needs --set {name}=…: {meaning}.");

    public string Or(string name, string otherwise) => OrNull(name) ?? otherwise;

    /// <exception cref="HarnessException">It is not a whole number.</exception>
    public int Or(string name, int otherwise) => OrNull(name) is not { } text ? otherwise
        : int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number
        : throw new HarnessException($"--set {name}={text} of the driver '{driver}' must be a whole number.");

    public string? OrNull(string name)
    {
        _asked.Add(name);
        return values.GetValueOrDefault(name);
    }

    /// <summary>To be called when everything was asked for.</summary>
    /// <exception cref="HarnessException">A setting was given that the driver does not have.</exception>
    public void RefuseOthers()
    {
        if (values.Keys.FirstOrDefault(name => !_asked.Contains(name)) is { } unknown)
            throw new HarnessException($"The driver '{driver}' has no setting '{unknown}'; it has {string.Join(", ", _asked)}.");
    }
}
