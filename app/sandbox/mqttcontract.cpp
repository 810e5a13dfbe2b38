#include "sandbox/mqttcontract.h"

#include "sandbox/fields.h"
#include "sandbox/resultscontract.h"
#include "sandbox/statusupdate.h"

#include <QRegularExpression>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::sandbox {

namespace {

constexpr qsizetype correlationSize = 16; // bytes

/// The parts of a request's topic. The prefix stands in front without a separator.
struct Topic {
    QString prefix;
    QString kind; ///< "cloud-node-token", "cloud-node" or "cloud-workload"
    QString id;   ///< the token, or the instance's or workload's uuid
    QString verb;
};

struct Endpoint {
    using Check = Result<void> (*)(const QJsonObject &body, const QString &where);

    Operation operation;
    QString kind;
    QString verb;
    QList<Field> body = {};
    Check check = nullptr; ///< instead of the fields
};

const QList<Endpoint> &endpoints()
{
    const QString node = u"cloud-node"_s;
    const QString workload = u"cloud-workload"_s;
    const Field profile{u"profile_slug"_s, true};
    const Field instance{u"instance_uuid"_s, true};
    static const QList<Endpoint> all = {
        {Operation::Create,
         u"cloud-node-token"_s,
         u"request-instance"_s,
         {profile,
          {u"slug"_s},
          {u"workspace_uuid"_s},
          {u"provider"_s, true, false, {u"self-hosted"_s, u"gcp"_s, u"crusoe"_s}},
          {u"visibility"_s, true}}},
        {Operation::Register, node, u"register"_s, {profile}},
        {Operation::Heartbeat, node, u"heartbeat"_s},
        {Operation::Log,
         node,
         u"logs"_s,
         {instance,
          {u"log_type"_s, true, false, {u"stdout"_s, u"stderr"_s}},
          {u"log_content"_s, true, true}}},
        {Operation::Terminated, node, u"terminate"_s},
        {Operation::Failed, node, u"fail"_s, {instance, {u"error"_s, true}}},
        {Operation::WorkloadStatus, workload, u"update-status"_s, {}, checkStatusUpdate},
        {Operation::SignedUrl, workload, u"request-signed-url"_s, {}, checkSignedUrlRequest},
        {Operation::UploadResults, workload, u"upload-results"_s, {}, checkUploadResults},
    };
    return all;
}

std::optional<Topic> split(const QString &topic)
{
    static const QRegularExpression form(
        u"\\A(.*?)cyberwave/(cloud-node-token|cloud-node|cloud-workload)/([^/]*)/(.*)\\z"_s,
        QRegularExpression::DotMatchesEverythingOption);
    const QRegularExpressionMatch match = form.match(topic);
    if (!match.hasMatch())
        return std::nullopt;
    return Topic{match.captured(1), match.captured(2), match.captured(3), match.captured(4)};
}

Result<const Endpoint *> findEndpoint(const Topic &topic, const QString &where)
{
    for (const Endpoint &endpoint : endpoints()) {
        if (endpoint.kind == topic.kind && endpoint.verb == topic.verb && !topic.id.isEmpty())
            return &endpoint;
    }
    return fail(u"there is no such topic in the contract"_s, where);
}

/// The end of a response topic that names its client.
bool namesAClient(const QString &responseTopic, const QString &start)
{
    static const QRegularExpression form(u"\\A[^/+#]+\\z"_s);
    return responseTopic.startsWith(start) && form.match(responseTopic.mid(start.size())).hasMatch();
}

Result<void> checkEnvelope(const MqttRequest &request, const QString &prefix, const QString &where)
{
    if (request.qos != 1)
        return fail(u"it came with QoS %1, expected 1"_s.arg(request.qos), where);
    if (request.retained)
        return fail(u"it was published to be retained"_s, where);
    const QString start = prefix + u"cyberwave/response/"_s;
    if (!namesAClient(request.responseTopic, start))
        return fail(
            u"the response topic is \"%1\", expected \"%2<client id>\""_s.arg(request.responseTopic, start),
            where);
    if (request.correlation.size() != correlationSize)
        return fail(u"the correlation data has %1 bytes, expected %2"_s.arg(request.correlation.size())
                        .arg(correlationSize),
                    where);
    return {};
}

Result<QString> tokenOf(const MqttRequest &request, const QString &where)
{
    QStringList tokens;
    for (const auto &[name, value] : request.userProperties) {
        if (name == u"X-API-Token")
            tokens << value;
    }
    if (tokens.size() != 1)
        return fail(u"the user property X-API-Token came %1 times, expected once"_s.arg(tokens.size()),
                    where);
    if (tokens.first().isEmpty())
        return fail(u"the user property X-API-Token is empty"_s, where);
    return tokens.first();
}

/// Who is meant is said in the topic, perhaps in the body too, and twice the same.
Result<void> checkIdentity(const Topic &topic, const QString &token, const QJsonObject &body,
                           const QString &where)
{
    if (topic.kind == u"cloud-node-token" && topic.id != token)
        return fail(u"the topic holds another token than the user property X-API-Token"_s, where);
    const QJsonValue named = body.value("instance_uuid"_L1);
    if (!named.isUndefined() && named.toString() != topic.id)
        return fail(u"\"instance_uuid\" is \"%1\", the topic says otherwise"_s.arg(named.toString()), where);
    return {};
}

} // namespace

bool isRequestTopic(const QString &topic)
{
    const auto parts = split(topic);
    const bool isCommandOrResponse =
        parts && parts->kind == u"cloud-node" && (parts->verb == u"command" || parts->verb == u"response");
    return parts && !isCommandOrResponse;
}

QString withoutToken(const QString &topic)
{
    const auto parts = split(topic);
    if (!parts || parts->kind != u"cloud-node-token")
        return topic;
    // A token may hold a '/', and then its end stands where the verb should be.
    const QString verb = parts->verb.section(u'/', -1);
    return parts->prefix + u"cyberwave/cloud-node-token/****/"_s +
           (verb == u"request-instance" ? verb : u"****"_s);
}

bool canBeAnswered(const MqttRequest &request)
{
    const auto parts = split(request.topic);
    return parts && namesAClient(request.responseTopic, parts->prefix + u"cyberwave/response/"_s) &&
           !request.correlation.isEmpty();
}

Result<ApiCall> checkContract(const MqttRequest &request)
{
    const QString where = withoutToken(request.topic);
    const auto topic = split(request.topic);
    if (!topic)
        return fail(u"there is no such topic in the contract"_s, where);
    const auto endpoint = findEndpoint(*topic, where);
    if (!endpoint)
        return tl::make_unexpected(endpoint.error());
    if (auto checked = checkEnvelope(request, topic->prefix, where); !checked)
        return tl::make_unexpected(checked.error());
    const auto token = tokenOf(request, where);
    if (!token)
        return tl::make_unexpected(token.error());
    const auto body = parseObject(request.payload, where);
    if (!body)
        return tl::make_unexpected(body.error());
    const auto checked =
        (*endpoint)->check ? (*endpoint)->check(*body, where) : checkFields((*endpoint)->body, *body, where);
    if (!checked)
        return tl::make_unexpected(checked.error());
    if (auto same = checkIdentity(*topic, *token, *body, where); !same)
        return tl::make_unexpected(same.error());
    const bool isCreation = (*endpoint)->operation == Operation::Create;
    return ApiCall{(*endpoint)->operation, isCreation ? QString() : topic->id, *token, *body, {}};
}

} // namespace cloudnode::sandbox
