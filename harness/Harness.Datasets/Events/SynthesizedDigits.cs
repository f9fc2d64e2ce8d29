using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Harness.Datasets.Formats;

namespace Harness.Datasets.Events;

/// <summary>
/// espeak-ng (Debian package of that name) speaking the digits in English and German: twelve voices, ten takes each, which differ in speed
/// and pitch. What it says depends on its version, so nothing made from it can be pinned.
/// </summary>
static class SynthesizedDigits
{
    public const int Takes = 10;

    static readonly string[] Voices = ["m1", "m2", "m3", "m4", "m5", "m6", "m7", "f1", "f2", "f3", "f4", "f5"];

    /// <exception cref="DataUnavailableException">espeak-ng is not installed.</exception>
    public static SpokenDigits Create()
    {
        Say("en", "zero", speed: 160, pitch: 50);
        var recordings =
            from label in Enumerable.Range(0, SpokenWords.Digits.Count)
            from speaker in Enumerable.Range(0, Voices.Length)
            from take in Enumerable.Range(0, Takes)
            let voice = $"{(label < 10 ? "en" : "de")}+{Voices[speaker]}"
            select new SpokenDigit(label, speaker, take,
                () => Say(voice, SpokenWords.Spoken(label), speed: 130 + 9 * take, pitch: 35 + 13 * (take % 3) + take));
        return new([.. Voices.Select(voice => voice[0] == 'm' ? "male" : "female")], [.. recordings]);
    }

    static Wave Say(string voice, string word, int speed, int pitch)
    {
        var start = new ProcessStartInfo("espeak-ng",
            ["-v", voice, "-s", speed.ToString(CultureInfo.InvariantCulture), "-p", pitch.ToString(CultureInfo.InvariantCulture),
                "--stdout", word])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            using var sound = new MemoryStream();
            process.StandardOutput.BaseStream.CopyTo(sound);
            process.WaitForExit();
            return process.ExitCode == 0 ? Wave.Parse(sound.ToArray(), $"espeak-ng -v {voice} '{word}'")
                : throw new DataUnavailableException(
                    $"espeak-ng -v {voice} '{word}' ended with {process.ExitCode}: {errors.Result.Trim()}");
        }
        catch (Win32Exception error)
        {
            throw new DataUnavailableException("it needs espeak-ng; run: apt-get install espeak-ng", error);
        }
    }
}
