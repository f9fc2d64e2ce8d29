using System.Globalization;

namespace Harness.Agent.Measuring.Meters;

/// <summary>One-line files of sysfs. The root is <c>/sys</c> on a machine and a faithful fake in tests.</summary>
static class SystemFiles
{
    /// <summary>The number in a file; null with the reason when it cannot be had.</summary>
    public static double? Number(string path, out string? reason)
    {
        var text = Text(path, out reason);
        if (text is null) return null;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) return value;
        reason = $"{path} holds '{text}', which is no number";
        return null;
    }

    public static string? Text(string path, out string? reason)
    {
        reason = null;
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            reason = error is UnauthorizedAccessException
                ? $"{path} may not be read by this user; ask for read permission (a udev rule or group)"
                : error.Message;
            return null;
        }
    }

    public static IReadOnlyList<string> Folders(string path, string pattern) => Directory.Exists(path)
        ? [.. Directory.GetDirectories(path, pattern).Order(StringComparer.Ordinal)] : [];
}
