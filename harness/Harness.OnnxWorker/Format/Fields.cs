using Google.Protobuf;

namespace Harness.OnnxWorker.Format;

/// <summary>The fields of a message of protocol buffers, one after another.</summary>
static class Fields
{
    /// <param name="read">Reads the value of the field with this number, or returns false without reading.</param>
    public static void Each(CodedInputStream stream, Func<int, bool> read) => Each(stream, (field, _) => read(field));

    /// <param name="read">Is also told whether the value is a run of bytes: a text, a message or packed numbers.</param>
    public static void Each(CodedInputStream stream, Func<int, bool, bool> read)
    {
        while (stream.ReadTag() is var tag and not 0)
        {
            var bytes = WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited;
            if (!read(WireFormat.GetTagFieldNumber(tag), bytes)) stream.SkipLastField();
        }
    }
}
