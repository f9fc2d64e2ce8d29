namespace Harness.Queue.Blobs;

/// <summary>Names of artefacts come from elsewhere and become paths here: only what cannot leave its folder passes.</summary>
public static class ArtefactName
{
    const int Longest = 200;

    /// <summary>Whether it is a relative path of plain names with slashes between them.</summary>
    public static bool IsGood(string name) => name.Length is > 0 and <= Longest && name.Split('/').All(IsPlain);

    public static string ReasonOf(string name) =>
        $"'{Shown(name)}' is no name for an artefact: use letters, digits, '.', '-', '_' and '+', parts divided by '/', at most {Longest} "
        + "characters; no part may be empty or begin with a dot.";

    /// <exception cref="HarnessException">The name is absolute, leads upwards, is too long, or holds other characters.</exception>
    public static string Check(string name) => IsGood(name) ? name : throw new HarnessException(ReasonOf(name));

    /// <summary>The path of a checked name inside a folder; refuses links that lead out of it.</summary>
    public static string PathIn(DirectoryInfo folder, string name)
    {
        var path = folder.FullName;
        foreach (var part in Check(name).Split('/'))
        {
            path = Path.Combine(path, part);
            if (new FileInfo(path).LinkTarget is not null)
                throw new HarnessException($"'{Shown(name)}' would be written through a link; remove the link '{part}' from the folder.");
        }
        return path;
    }

    static bool IsPlain(string part) =>
        part.Length > 0 && part[0] != '.' && part.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_' or '+');

    static string Shown(string name) =>
        string.Concat((name.Length > 80 ? name[..80] + "…" : name).Select(letter => char.IsControl(letter) ? '·' : letter));
}
