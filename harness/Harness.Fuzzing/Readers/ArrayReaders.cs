using Harness.Datasets.Formats;

namespace Harness.Fuzzing.Readers;

static class ArrayReaders
{
    public static IReadOnlyList<FuzzedReader> All { get; } =
    [
        new("idx-images", [[0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, .. new byte[24]]],
            content => Idx.Parse(content, "idx", rank: 3)),
        new("idx-labels", [[0, 0, 8, 1, 0, 0, 0, 5, 5, 0, 4, 1, 9]],
            content => Content.InFile(content, "labels", file => Idx.Read(file, rank: 1))),
        new("npy",
        [
            Array([3, 4], "<f4", 48), Array([2, 3, 2], "<i8", 96), Array([7], "|u1", 7), FortranArray(),
        ], content => Npy.Read(new MemoryStream(content), "npy").Numbers<double>()),
    ];

    static byte[] Array(int[] shape, string type, int bytes) => Content.Written(stream =>
        new Npy(shape, NumpyType.Parse(type, "npy"), new byte[bytes]).Write(stream));

    static byte[] FortranArray()
    {
        var header = "{'descr': '>i2', 'fortran_order': True, 'shape': (2, 3), }".PadRight(117) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. Content.Text(header), .. new byte[12]];
    }
}
