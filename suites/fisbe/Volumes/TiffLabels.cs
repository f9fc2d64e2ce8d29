using BitMiracle.LibTiff.Classic;

namespace Suites.Fisbe.Volumes;

/// <summary>Labels of a TIFF file: one page for each slice, grey values of 8, 16 or 32 bits without sign.</summary>
sealed class TiffLabels : ILabelVolume
{
    readonly FileInfo _file;
    readonly int _bits;

    TiffLabels(FileInfo file, VolumeShape shape, int bits) => (_file, Shape, _bits) = (file, shape, bits);

    public string Name => _file.FullName;
    public int Channels => 1;
    public VolumeShape Shape { get; }
    public IReadOnlyList<int>? DimNeurons => null;

    /// <exception cref="HarnessException">No TIFF, or its pages are not slices of one label volume.</exception>
    public static TiffLabels Open(FileInfo file)
    {
        using var tiff = OpenQuietly(file);
        var (height, width, bits) = Page(tiff, file, 0);
        return new(file, new(tiff.NumberOfDirectories(), height, width), bits);
    }

    public IEnumerable<LabelSlice> Slices()
    {
        using var tiff = OpenQuietly(_file);
        var labels = new int[Shape.SliceVoxels];
        var line = new byte[Shape.Width * _bits / 8];
        for (var z = 0; z < Shape.Depth; z++)
        {
            if (!tiff.SetDirectory((short)z) || Page(tiff, _file, z) != (Shape.Height, Shape.Width, _bits))
                throw new HarnessException(
                    $"{Name}: page {z} is not {Shape.Height}×{Shape.Width} of {_bits} bits as page 0 is. "
                    + "Save one volume with equal slices.");
            for (var y = 0; y < Shape.Height; y++)
            {
                if (!tiff.ReadScanline(line, y))
                    throw new HarnessException(
                        $"{Name}: page {z} ends before line {y} of {Shape.Height}. Write the file again, or copy it anew.");
                for (var x = 0; x < Shape.Width; x++) labels[y * Shape.Width + x] = Value(line, x, z);
            }
            yield return new(0, z, labels);
        }
    }

    int Value(byte[] line, int x, int z)
    {
        var value = _bits switch { 8 => line[x], 16 => BitConverter.ToUInt16(line, 2 * x), _ => BitConverter.ToUInt32(line, 4 * x) };
        return value <= int.MaxValue ? (int)value
            : throw new HarnessException($"{Name}: page {z} holds the label {value}; allowed are ids up to "
            + $"{int.MaxValue}. Number the instances anew.");
    }

    static (int Height, int Width, int Bits) Page(Tiff tiff, FileInfo file, int page)
    {
        int Field(TiffTag tag, int otherwise) => tiff.GetField(tag) is { Length: > 0 } field ? field[0].ToInt() : otherwise;
        var (bits, samples) = (Field(TiffTag.BITSPERSAMPLE, 1), Field(TiffTag.SAMPLESPERPIXEL, 1));
        var format = (SampleFormat)Field(TiffTag.SAMPLEFORMAT, (int)SampleFormat.UINT);
        if (samples != 1 || bits is not (8 or 16 or 32) || format is not (SampleFormat.UINT or SampleFormat.INT) || tiff.IsTiled())
            throw new HarnessException(
                $"{file.FullName}: page {page} has {samples} samples of {bits} bits, {format}{(tiff.IsTiled() ? ", in tiles" : "")}; "
                + "labels are one whole number of 8, 16 or 32 bits a voxel, in strips. Save the instance ids as uint16, not an image.");
        return (Field(TiffTag.IMAGELENGTH, 0), Field(TiffTag.IMAGEWIDTH, 0), bits);
    }

    static Tiff OpenQuietly(FileInfo file)
    {
        // The library complains on the terminal unless told not to.
        Tiff.SetErrorHandler(new Silence());
        return Tiff.Open(file.FullName, "r")
            ?? throw new HarnessException($"{file.FullName} is not a TIFF file, or is damaged. Write the file again, or copy it anew.");
    }

    sealed class Silence : TiffErrorHandler
    {
        public override void ErrorHandler(Tiff tif, string method, string format, params object[] args) { }
        public override void ErrorHandlerExt(Tiff tif, object clientData, string method, string format, params object[] args) { }
        public override void WarningHandler(Tiff tif, string method, string format, params object[] args) { }
        public override void WarningHandlerExt(Tiff tif, object clientData, string method, string format, params object[] args) { }
    }
}
