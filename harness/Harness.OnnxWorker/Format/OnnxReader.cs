using Google.Protobuf;

namespace Harness.OnnxWorker.Format;

/// <summary>
/// Reads of an ONNX file what its numbers do not matter for: field numbers are those of ONNX's onnx.proto (IR version 3 and later).
/// </summary>
sealed class OnnxReader
{
    readonly List<OnnxNode> nodes = [], allNodes = [];
    readonly List<OnnxTensor> allTensors = [];
    readonly Dictionary<string, OnnxTensor> tensors = new(StringComparer.Ordinal);
    readonly List<string> outputs = [];
    readonly List<(string Domain, long Version)> operatorSets = [];

    public IReadOnlyList<OnnxNode> Nodes => nodes;
    public IReadOnlyList<OnnxNode> AllNodes => allNodes;
    public IReadOnlyDictionary<string, OnnxTensor> Tensors => tensors;
    public IReadOnlyList<OnnxTensor> AllTensors => allTensors;
    public IReadOnlyList<string> Outputs => outputs;
    public IReadOnlyList<(string Domain, long Version)> OperatorSets => operatorSets;

    /// <exception cref="InvalidProtocolBufferException">The bytes are no protocol buffer.</exception>
    /// <exception cref="InvalidDataException">They are one of something else.</exception>
    public static OnnxReader Of(byte[] content)
    {
        var reader = new OnnxReader();
        reader.Model(new CodedInputStream(content));
        return reader.nodes.Count > 0 && reader.operatorSets.Count > 0 ? reader
            : throw new InvalidDataException("it has no graph with nodes, or names no operator set.");
    }

    void Model(CodedInputStream stream) => Fields.Each(stream, field =>
    {
        switch (field)
        {
            case 7: Graph(stream.ReadBytes().CreateCodedInput(), outermost: true); return true;
            case 8: operatorSets.Add(OperatorSet(stream.ReadBytes().CreateCodedInput())); return true;
            case 25: Function(stream.ReadBytes().CreateCodedInput()); return true;
            default: return false;
        }
    });

    static (string, long) OperatorSet(CodedInputStream stream)
    {
        var (domain, version) = ("", 0L);
        Fields.Each(stream, field =>
        {
            if (field == 1) domain = stream.ReadString();
            else if (field == 2) version = stream.ReadInt64();
            return field is 1 or 2;
        });
        return (domain, version);
    }

    void Function(CodedInputStream stream) => Fields.Each(stream, field =>
    {
        if (field == 7) allNodes.Add(Node(stream.ReadBytes().CreateCodedInput(), outermost: false));
        return field == 7;
    });

    void Graph(CodedInputStream stream, bool outermost) => Fields.Each(stream, field =>
    {
        switch (field)
        {
            case 1: Add(Node(stream.ReadBytes().CreateCodedInput(), outermost), outermost); return true;
            case 5: Add(Tensor(stream.ReadBytes().CreateCodedInput()), outermost); return true;
            case 12 when outermost: outputs.Add(NameOf(stream.ReadBytes().CreateCodedInput())); return true;
            default: return false;
        }
    });

    void Add(OnnxNode node, bool outermost)
    {
        allNodes.Add(node);
        if (outermost) nodes.Add(node);
    }

    void Add(OnnxTensor tensor, bool outermost)
    {
        allTensors.Add(tensor);
        if (outermost) tensors[tensor.Name] = tensor;
    }

    OnnxNode Node(CodedInputStream stream, bool outermost)
    {
        var (name, kind, domain, nests) = ("", "", "", false);
        var (inputs, results) = (new List<string>(), new List<string>());
        var whole = new Dictionary<string, long>(StringComparer.Ordinal);
        OnnxTensor? constant = null;
        Fields.Each(stream, field =>
        {
            switch (field)
            {
                case 1: inputs.Add(stream.ReadString()); return true;
                case 2: results.Add(stream.ReadString()); return true;
                case 3: name = stream.ReadString(); return true;
                case 4: kind = stream.ReadString(); return true;
                case 5:
                    var attribute = Attribute(stream.ReadBytes().CreateCodedInput());
                    whole[attribute.Name] = attribute.Whole;
                    (nests, constant) = (nests || attribute.Nests, attribute.Tensor ?? constant);
                    return true;
                case 7: domain = stream.ReadString(); return true;
                default: return false;
            }
        });
        if (kind == "Constant" && constant is not null && results.Count == 1) Add(constant with { Name = results[0] }, outermost);
        return new(name, kind, domain, inputs, results, whole, nests);
    }

    (string Name, long Whole, bool Nests, OnnxTensor? Tensor) Attribute(CodedInputStream stream)
    {
        var (name, nests) = ("", false);
        var whole = new List<long>();
        OnnxTensor? tensor = null;
        Fields.Each(stream, (field, packed) =>
        {
            switch (field)
            {
                case 1: name = stream.ReadString(); return true;
                case 3 or 8: ReadNumbers(stream, packed, whole); return true;
                case 5: tensor = Tensor(stream.ReadBytes().CreateCodedInput()); return true;
                case 6 or 11:
                    nests = true;
                    Graph(stream.ReadBytes().CreateCodedInput(), outermost: false);
                    return true;
                default: return false;
            }
        });
        return (name, whole.FirstOrDefault(), nests, tensor);
    }

    static OnnxTensor Tensor(CodedInputStream stream)
    {
        var (name, type) = ("", 0);
        string? location = null;
        var shape = new List<long>();
        Fields.Each(stream, (field, packed) =>
        {
            switch (field)
            {
                case 1: ReadNumbers(stream, packed, shape); return true;
                case 2: type = stream.ReadInt32(); return true;
                case 8: name = stream.ReadString(); return true;
                case 13: location = LocationOrNull(stream.ReadBytes().CreateCodedInput()) ?? location; return true;
                default: return false;
            }
        });
        return new(name, shape, type, location);
    }

    static void ReadNumbers(CodedInputStream stream, bool packed, List<long> into)
    {
        if (!packed)
        {
            into.Add(stream.ReadInt64());
            return;
        }
        var numbers = stream.ReadBytes().CreateCodedInput();
        while (!numbers.IsAtEnd) into.Add(numbers.ReadInt64());
    }

    static string? LocationOrNull(CodedInputStream stream)
    {
        var (key, value) = ("", "");
        Fields.Each(stream, field =>
        {
            if (field == 1) key = stream.ReadString();
            else if (field == 2) value = stream.ReadString();
            return field is 1 or 2;
        });
        return key == "location" ? value : null;
    }

    static string NameOf(CodedInputStream stream)
    {
        var name = "";
        Fields.Each(stream, field =>
        {
            if (field == 1) name = stream.ReadString();
            return field == 1;
        });
        return name;
    }
}
