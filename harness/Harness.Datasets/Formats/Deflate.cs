namespace Harness.Datasets.Formats;

/// <summary>What is known of anything that deflate packed: gzip, zlib, zip, PNG, HDF5.</summary>
static class Deflate
{
    /// <summary>One byte unpacks to at most so many (zlib's technical notes): what claims more takes no memory.</summary>
    public const int MostRatio = 1032;
}
