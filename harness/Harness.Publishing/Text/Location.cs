namespace Harness.Publishing.Text;

/// <summary>Where a page lies in the site. Every link is relative to it, so that the site opens from any folder and from <c>file:// </c>.
/// </summary>
public sealed record Location(string Path)
{
    readonly string root = string.Concat(Enumerable.Repeat("../", Path.Count(c => c == '/')));

    public string To(string target) => root + target;

    public static string Suite(string suite) => $"suites/{Slug.Of(suite)}.html";
    public static string Family(string family) => $"families/{Slug.Of(family)}.html";
    public static string Dataset(string protocol) => $"datasets/{Slug.Of(protocol)}.html";
    public static string Device(string device) => $"devices/{Slug.Of(device)}.html";
    public static string Run(string run) => $"runs/{Slug.Of(run)}.html";
    public static string RunRecord(string run) => $"runs/{Slug.Of(run)}.json";
    public static string RunPicture(string run, string name) => $"runs/{Slug.Of(run)}/{name}";
    public static string Croissant(string protocol) => $"datasets/{Slug.Of(protocol)}.croissant.json";
    public static string Archive(int number) => $"runs/archive-{number:0000}.html";
}
