using System.Globalization;
using Harness.Datasets.Formats;
using Harness.Datasets.Sources;

namespace Harness.Datasets.Events;

/// <summary>
/// The Free Spoken Digit Dataset (Jackson et al.): 3000 recordings named <c>digit_speaker_take.wav</c>, in a folder <c>fsdd</c> (or its
/// folder <c>recordings</c>), plain or in a zip archive.
/// </summary>
static class FreeSpokenDigits
{
    static readonly string[] Speakers = ["george", "jackson", "lucas", "nicolas", "theo", "yweweler"];

    /// <exception cref="DataUnavailableException">There are no recordings.</exception>
    public static SpokenDigits Read(DirectoryInfo? data)
    {
        if (data is null) throw new DataUnavailableException(Remedy("HARNESS_DATA is not set"));
        var folder = new DirectoryInfo(Path.Combine(data.FullName, "fsdd"));
        var sounds = folder.Exists ? Sounds(folder) : [];
        var recordings = sounds.Select(sound => Parse(sound.Name, sound.Content)).Where(digit => digit is not null).Select(digit => digit!)
            .OrderBy(digit => digit.Label).ThenBy(digit => digit.Speaker).ThenBy(digit => digit.Take).ToArray();
        if (recordings.Length == 0) throw new DataUnavailableException(Remedy($"no recordings in {folder.FullName}"));
        return new([.. Speakers.Select(_ => "male")], recordings);
    }

    static string Remedy(string problem) =>
        $"{problem}; put the wav files of github.com/Jakobovski/free-spoken-digit-dataset there (3000 files named digit_speaker_take.wav), "
        + "or use shd-like-espeak, which needs espeak-ng only";

    static IEnumerable<(string Name, Func<byte[]> Content)> Sounds(DirectoryInfo folder)
    {
        foreach (var file in folder.EnumerateFiles("*.wav", SearchOption.AllDirectories))
            yield return (file.Name, () => File.ReadAllBytes(file.FullName));
        foreach (var archive in folder.EnumerateFiles("*.zip"))
        {
            var contents = new Dictionary<string, byte[]>();
            using (var zip = Archive.OpenZip(archive))
                foreach (var entry in zip.Entries.Where(entry => entry.Name.EndsWith(".wav", StringComparison.Ordinal)))
                    contents[entry.Name] = Archive.Content(entry);
            foreach (var (name, content) in contents) yield return (name, () => content);
        }
    }

    static SpokenDigit? Parse(string name, Func<byte[]> content)
    {
        var parts = Path.GetFileNameWithoutExtension(name).Split('_');
        if (parts.Length != 3 || !int.TryParse(parts[0], CultureInfo.InvariantCulture, out var digit) || digit is < 0 or > 9) return null;
        var speaker = Array.IndexOf(Speakers, parts[1]);
        return speaker < 0 || !int.TryParse(parts[2], CultureInfo.InvariantCulture, out var take) ? null
            : new(digit, speaker, take, () => Wave.Parse(content(), name));
    }
}
